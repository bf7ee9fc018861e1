-- parameters: none
drop table if exists import_unique_key, import_candidate, import_reserved_key;

-- Unique keys that rows share on some day. A span encodes the key and its days as one range of numbers, so that one
-- index finds conflicts.
create temporary table import_unique_key (
  line integer not null,
  key text not null,
  validity daterange not null,
  span int8range,
  column_name text not null,
  value text not null,
  problem text not null,
  row_label text not null,
  remedy text not null,
  is_accepted boolean not null default false
);

-- Rows with a shared key, and their state: OPEN, ACCEPTED (final), DEFERRED or REJECTED.
create temporary table import_candidate (
  line integer not null,
  state text not null default 'OPEN',
  is_in_round boolean not null default false,
  is_selected boolean not null default false,
  displaced_other boolean not null default false
);

-- Keys of the rows that are accepted or selected in the round.
create temporary table import_reserved_key (
  line integer not null,
  span int8range not null,
  row_label text not null
);
create index on import_reserved_key using gist (span);
