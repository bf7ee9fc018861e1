-- The register from its first day: revisions and days on every table, so that no later change has to rewrite history.

create extension if not exists btree_gist;
create extension if not exists pg_trgm;
create extension if not exists unaccent;

-- Letter case and accents aside: unaccent first, so that lower() meets ASCII only and the server's locale plays no part.
create function fold_text(value text) returns text
  language sql immutable strict parallel safe
  return lower(public.unaccent('public.unaccent'::regdictionary, value));

-- Norwegian order under collation "C": æ, ø and å become the three characters that follow z.
create function norwegian_sort_key(value text) returns text
  language sql immutable strict parallel safe
  return lower(public.unaccent('public.unaccent'::regdictionary, translate(value, 'ÆæÄäØøÖöÅåÜü', '{{{{||||}}yy')));

-- Nine digits whose last is the modulus-11 check digit (the national register of legal entities).
create function is_organization_number(value text) returns boolean
  language sql immutable strict parallel safe
  return value ~ '^[0-9]{9}$' and (
    select mod(11 - mod(sum(substr(value, place, 1)::integer * weight), 11), 11)
    from unnest(array[3, 2, 7, 6, 5, 4, 3, 2]) with ordinality as digit (weight, place_number)
    cross join lateral (select place_number::integer as place) as position
  ) = substr(value, 9, 1)::integer;

create type unit_type as enum (
  'ORGANIZATION',
  'DEPARTMENT'
);

create type operation as enum (
  'IMPORT',
  'SYNCHRONIZE',
  'DEMO',
  'REGISTER_ORGANIZATION',
  'REGISTER_CONTRACT_SPECIALIST',
  'REGISTER_TREATMENT_SITE',
  'REGISTER_OPERATOR',
  'CREATE_DEPARTMENT',
  'UPDATE_UNIT',
  'MOVE_UNIT',
  'CLOSE_UNIT',
  'REOPEN_UNIT',
  'MERGE_UNITS',
  'SPLIT_UNIT',
  'SET_UNIT_CODES',
  'CONNECT_TREATMENT_SITE',
  'DISCONNECT_TREATMENT_SITE',
  'SET_IDENTIFIER',
  'SET_MAPPING_NODE',
  'REMOVE_MAPPING_NODE',
  'WITHDRAW_UNIT',
  'REORGANIZE',
  'GRANT_ACCESS',
  'REVOKE_ACCESS'
);

create type succession_kind as enum (
  'MERGE',
  'SPLIT',
  'REPLACEMENT'
);

create type succession_extent as enum (
  'FULL',
  'PARTIAL'
);

create type access_role as enum (
  'OPERATOR',
  'SPECIALIST_REGISTRAR',
  'ADMINISTRATOR'
);

create type address_type as enum (
  'VISITING',
  'POSTAL'
);

create type contact_point_type as enum (
  'TELEPHONE',
  'EMAIL',
  'WEB'
);

create table change (
  revision integer not null,
  recorded_at timestamptz(3) not null,
  operation operation not null,
  actor_subject text not null,
  actor_name text not null,
  actor_role access_role,
  effective_on date,
  reason text,
  input jsonb not null,
  rows_digest text not null,
  previous_hash text not null,
  hash text not null,

  constraint change_pkey primary key (revision)
);

create table unit (
  resh_id integer not null,
  registered_rev integer not null,

  constraint unit_pkey primary key (resh_id)
);

create table unit_version (
  id bigserial not null,
  resh_id integer not null,
  valid_from date not null,
  valid_to date,
  recorded_rev integer not null,
  superseded_rev integer,
  parent_resh_id integer,
  type unit_type not null,
  name text not null,
  short_name text,
  designation_code_set integer not null default 8624,
  designation_code text,
  designation_text text,
  organization_number text,
  treatment_site_number text,
  responsible_person text,
  path integer[],
  path_text text collate "C" not null,
  name_sort_key text collate "C" not null default '',
  name_folded text not null default '',
  short_name_folded text,

  constraint unit_version_pkey primary key (id)
);

create table unit_code (
  id bigserial not null,
  resh_id integer not null,
  code_set integer not null,
  code text not null,
  attributes text[],
  valid_from date not null,
  valid_to date,
  recorded_rev integer not null,
  superseded_rev integer,

  constraint unit_code_pkey primary key (id)
);

create table unit_identifier (
  id bigserial not null,
  resh_id integer not null,
  system text not null,
  value text not null,
  valid_from date not null,
  valid_to date,
  recorded_rev integer not null,
  superseded_rev integer,

  constraint unit_identifier_pkey primary key (id)
);

create table unit_name (
  id bigserial not null,
  resh_id integer not null,
  language text not null,
  name text not null,
  valid_from date not null,
  valid_to date,
  recorded_rev integer not null,
  superseded_rev integer,

  constraint unit_name_pkey primary key (id)
);

create table unit_address (
  id bigserial not null,
  resh_id integer not null,
  type address_type not null,
  lines text[],
  postal_code text,
  city text,
  country text,
  valid_from date not null,
  valid_to date,
  recorded_rev integer not null,
  superseded_rev integer,

  constraint unit_address_pkey primary key (id)
);

create table unit_contact_point (
  id bigserial not null,
  resh_id integer not null,
  type contact_point_type not null,
  value text not null,
  valid_from date not null,
  valid_to date,
  recorded_rev integer not null,
  superseded_rev integer,

  constraint unit_contact_point_pkey primary key (id)
);

create table succession (
  id bigserial not null,
  from_resh_id integer not null,
  to_resh_id integer not null,
  kind succession_kind not null,
  extent succession_extent not null,
  effective_on date not null,
  recorded_rev integer not null,
  superseded_rev integer,

  constraint succession_pkey primary key (id)
);

create table mapping_node (
  id bigserial not null,
  system_id text not null,
  node_id text not null,
  name text not null,
  parent_node_id text,
  resh_id integer,
  valid_from date not null,
  valid_to date,
  recorded_rev integer not null,
  superseded_rev integer,

  constraint mapping_node_pkey primary key (id)
);

create table treatment_site (
  organization_number text not null,
  registered_rev integer not null,

  constraint treatment_site_pkey primary key (organization_number)
);

create table treatment_site_version (
  id bigserial not null,
  organization_number text not null,
  name text not null,
  municipality text,
  address_lines text[],
  postal_code text,
  city text,
  country text,
  legal_entity_resh_id integer,
  valid_from date,
  valid_to date,
  recorded_rev integer not null,
  superseded_rev integer,

  constraint treatment_site_version_pkey primary key (id)
);

create table code_set (
  number integer not null,
  oid text not null,
  name text not null,
  registered_rev integer not null,

  constraint code_set_pkey primary key (number)
);

create table code (
  code_set integer not null,
  code text not null,
  registered_rev integer not null,

  constraint code_pkey primary key (code_set,code)
);

create table code_version (
  id bigserial not null,
  code_set integer not null,
  code text not null,
  name text not null,
  parent_code text,
  retired boolean not null default false,
  replaced_by text[],
  valid_from date,
  valid_to date,
  recorded_rev integer not null,
  superseded_rev integer,

  constraint code_version_pkey primary key (id)
);

create table administrator (
  id bigserial not null,
  subject text not null,
  name text not null,
  email text,
  valid_from date not null,
  valid_to date,
  recorded_rev integer not null,
  superseded_rev integer,

  constraint administrator_pkey primary key (id)
);

create table access_grant (
  id bigserial not null,
  subject text not null,
  role access_role not null,
  resh_id integer,
  valid_from date not null,
  valid_to date,
  recorded_rev integer not null,
  superseded_rev integer,

  constraint access_grant_pkey primary key (id)
);

create table idempotency_key (
  subject text not null,
  operation operation not null,
  key text not null,
  request_hash text not null,
  revision integer not null,
  response jsonb not null,
  expires_at timestamptz(3) not null,

  constraint idempotency_key_pkey primary key (subject,operation,key)
);

create index change_recorded_at_idx on change(recorded_at);
create index unit_version_unit_idx on unit_version(resh_id, valid_from);
create index unit_version_parent_idx on unit_version(parent_resh_id, name_sort_key, resh_id);
create index unit_version_name_sort_key_idx on unit_version(name_sort_key, resh_id);
create index unit_version_path_idx on unit_version(path_text);
create index unit_version_organization_number_idx on unit_version(organization_number);
create index unit_version_treatment_site_idx on unit_version(treatment_site_number);
create index unit_version_recorded_idx on unit_version(recorded_rev);
create index unit_version_superseded_idx on unit_version(superseded_rev);
create index unit_version_name_idx on unit_version using gin (name_folded gin_trgm_ops, short_name_folded gin_trgm_ops);
create index unit_code_unit_idx on unit_code(resh_id);
create index unit_code_code_idx on unit_code(code_set, code);
create index unit_code_recorded_idx on unit_code(recorded_rev);
create index unit_code_superseded_idx on unit_code(superseded_rev);
create index unit_identifier_unit_idx on unit_identifier(resh_id);
create index unit_identifier_value_idx on unit_identifier(value, system);
create index unit_identifier_recorded_idx on unit_identifier(recorded_rev);
create index unit_identifier_superseded_idx on unit_identifier(superseded_rev);
create index unit_name_unit_idx on unit_name(resh_id);
create index unit_name_recorded_idx on unit_name(recorded_rev);
create index unit_name_superseded_idx on unit_name(superseded_rev);
create index unit_address_unit_idx on unit_address(resh_id);
create index unit_address_recorded_idx on unit_address(recorded_rev);
create index unit_address_superseded_idx on unit_address(superseded_rev);
create index unit_contact_point_unit_idx on unit_contact_point(resh_id);
create index unit_contact_point_recorded_idx on unit_contact_point(recorded_rev);
create index unit_contact_point_superseded_idx on unit_contact_point(superseded_rev);
create index succession_from_idx on succession(from_resh_id);
create index succession_to_idx on succession(to_resh_id);
create index succession_recorded_idx on succession(recorded_rev);
create index succession_superseded_idx on succession(superseded_rev);
create index mapping_node_node_idx on mapping_node(system_id, node_id);
create index mapping_node_unit_idx on mapping_node(resh_id);
create index mapping_node_recorded_idx on mapping_node(recorded_rev);
create index mapping_node_superseded_idx on mapping_node(superseded_rev);
create index treatment_site_version_site_idx on treatment_site_version(organization_number);
create index treatment_site_version_recorded_idx on treatment_site_version(recorded_rev);
create index treatment_site_version_superseded_idx on treatment_site_version(superseded_rev);
create index code_version_code_idx on code_version(code_set, code);
create index code_version_recorded_idx on code_version(recorded_rev);
create index code_version_superseded_idx on code_version(superseded_rev);
create index administrator_subject_idx on administrator(subject);
create index administrator_recorded_idx on administrator(recorded_rev);
create index administrator_superseded_idx on administrator(superseded_rev);
create index access_grant_subject_idx on access_grant(subject);
create index access_grant_unit_idx on access_grant(resh_id);
create index access_grant_recorded_idx on access_grant(recorded_rev);
create index access_grant_superseded_idx on access_grant(superseded_rev);
create index idempotency_key_expires_idx on idempotency_key(expires_at);

alter table unit
  add constraint unit_registered_fkey foreign key (registered_rev) references change (revision) deferrable initially deferred;
alter table unit_version
  add constraint unit_version_unit_fkey foreign key (resh_id) references unit (resh_id);
alter table unit_version
  add constraint unit_version_parent_fkey foreign key (parent_resh_id) references unit (resh_id);
alter table unit_version
  add constraint unit_version_treatment_site_fkey foreign key (treatment_site_number) references treatment_site (organization_number);
alter table unit_version
  add constraint unit_version_designation_fkey foreign key (designation_code_set, designation_code) references code (code_set, code);
alter table unit_version
  add constraint unit_version_recorded_fkey foreign key (recorded_rev) references change (revision) deferrable initially deferred;
alter table unit_version
  add constraint unit_version_superseded_fkey foreign key (superseded_rev) references change (revision) deferrable initially deferred;
alter table unit_code
  add constraint unit_code_recorded_fkey foreign key (recorded_rev) references change (revision) deferrable initially deferred;
alter table unit_code
  add constraint unit_code_superseded_fkey foreign key (superseded_rev) references change (revision) deferrable initially deferred;
alter table unit_code
  add constraint unit_code_unit_fkey foreign key (resh_id) references unit (resh_id);
alter table unit_code
  add constraint unit_code_code_fkey foreign key (code_set, code) references code (code_set, code);
alter table unit_identifier
  add constraint unit_identifier_recorded_fkey foreign key (recorded_rev) references change (revision) deferrable initially deferred;
alter table unit_identifier
  add constraint unit_identifier_superseded_fkey foreign key (superseded_rev) references change (revision) deferrable initially deferred;
alter table unit_identifier
  add constraint unit_identifier_unit_fkey foreign key (resh_id) references unit (resh_id);
alter table unit_name
  add constraint unit_name_recorded_fkey foreign key (recorded_rev) references change (revision) deferrable initially deferred;
alter table unit_name
  add constraint unit_name_superseded_fkey foreign key (superseded_rev) references change (revision) deferrable initially deferred;
alter table unit_name
  add constraint unit_name_unit_fkey foreign key (resh_id) references unit (resh_id);
alter table unit_address
  add constraint unit_address_recorded_fkey foreign key (recorded_rev) references change (revision) deferrable initially deferred;
alter table unit_address
  add constraint unit_address_superseded_fkey foreign key (superseded_rev) references change (revision) deferrable initially deferred;
alter table unit_address
  add constraint unit_address_unit_fkey foreign key (resh_id) references unit (resh_id);
alter table unit_contact_point
  add constraint unit_contact_point_recorded_fkey foreign key (recorded_rev) references change (revision) deferrable initially deferred;
alter table unit_contact_point
  add constraint unit_contact_point_superseded_fkey foreign key (superseded_rev) references change (revision) deferrable initially deferred;
alter table unit_contact_point
  add constraint unit_contact_point_unit_fkey foreign key (resh_id) references unit (resh_id);
alter table succession
  add constraint succession_recorded_fkey foreign key (recorded_rev) references change (revision) deferrable initially deferred;
alter table succession
  add constraint succession_superseded_fkey foreign key (superseded_rev) references change (revision) deferrable initially deferred;
alter table succession
  add constraint succession_from_fkey foreign key (from_resh_id) references unit (resh_id);
alter table succession
  add constraint succession_to_fkey foreign key (to_resh_id) references unit (resh_id);
alter table mapping_node
  add constraint mapping_node_recorded_fkey foreign key (recorded_rev) references change (revision) deferrable initially deferred;
alter table mapping_node
  add constraint mapping_node_superseded_fkey foreign key (superseded_rev) references change (revision) deferrable initially deferred;
alter table mapping_node
  add constraint mapping_node_unit_fkey foreign key (resh_id) references unit (resh_id);
alter table treatment_site
  add constraint treatment_site_registered_fkey foreign key (registered_rev) references change (revision) deferrable initially deferred;
alter table treatment_site_version
  add constraint treatment_site_version_recorded_fkey foreign key (recorded_rev) references change (revision) deferrable initially deferred;
alter table treatment_site_version
  add constraint treatment_site_version_superseded_fkey foreign key (superseded_rev) references change (revision) deferrable initially deferred;
alter table treatment_site_version
  add constraint treatment_site_version_legal_entity_fkey foreign key (legal_entity_resh_id) references unit (resh_id);
alter table treatment_site_version
  add constraint treatment_site_version_site_fkey foreign key (organization_number) references treatment_site (organization_number);
alter table code_set
  add constraint code_set_registered_fkey foreign key (registered_rev) references change (revision) deferrable initially deferred;
alter table code
  add constraint code_code_set_fkey foreign key (code_set) references code_set (number);
alter table code
  add constraint code_registered_fkey foreign key (registered_rev) references change (revision) deferrable initially deferred;
alter table code_version
  add constraint code_version_code_fkey foreign key (code_set, code) references code (code_set, code);
alter table code_version
  add constraint code_version_recorded_fkey foreign key (recorded_rev) references change (revision) deferrable initially deferred;
alter table code_version
  add constraint code_version_superseded_fkey foreign key (superseded_rev) references change (revision) deferrable initially deferred;
alter table administrator
  add constraint administrator_recorded_fkey foreign key (recorded_rev) references change (revision) deferrable initially deferred;
alter table administrator
  add constraint administrator_superseded_fkey foreign key (superseded_rev) references change (revision) deferrable initially deferred;
alter table access_grant
  add constraint access_grant_recorded_fkey foreign key (recorded_rev) references change (revision) deferrable initially deferred;
alter table access_grant
  add constraint access_grant_superseded_fkey foreign key (superseded_rev) references change (revision) deferrable initially deferred;
alter table access_grant
  add constraint access_grant_unit_fkey foreign key (resh_id) references unit (resh_id);
alter table idempotency_key
  add constraint idempotency_key_revision_fkey foreign key (revision) references change (revision) deferrable initially deferred;

-- One sequence gives every RESH-id; imports set it above the greatest id they bring.
create sequence resh_id_seq as integer;

-- What holds within current knowledge, whatever the code does
alter table unit_version
  add constraint unit_version_period_check check (valid_to > valid_from),
  add constraint unit_version_revisions_check check (superseded_rev > recorded_rev),
  add constraint unit_version_resh_id_check check (resh_id > 0),
  add constraint unit_version_name_check check (btrim(name) <> ''),
  add constraint unit_version_designation_set_check check (designation_code_set = 8624),
  add constraint unit_version_department_parent_check check (type = 'ORGANIZATION' or parent_resh_id is not null),
  add constraint unit_version_path_check check (
    path is not null
    and path[cardinality(path)] = resh_id
    and path[cardinality(path) - 1] is not distinct from parent_resh_id
  ),
  add constraint unit_version_organization_number_check check (is_organization_number(organization_number)),
  add constraint unit_version_no_overlap
    exclude using gist (resh_id with =, daterange(valid_from, valid_to) with &&) where (superseded_rev is null),
  add constraint unit_version_organization_number_no_overlap
    exclude using gist (organization_number with =, daterange(valid_from, valid_to) with &&)
    where (superseded_rev is null and organization_number is not null);

alter table unit_code
  add constraint unit_code_period_check check (valid_to > valid_from),
  add constraint unit_code_revisions_check check (superseded_rev > recorded_rev),
  add constraint unit_code_no_overlap
    exclude using gist (resh_id with =, code_set with =, code with =, daterange(valid_from, valid_to) with &&) where (superseded_rev is null);

alter table unit_identifier
  add constraint unit_identifier_period_check check (valid_to > valid_from),
  add constraint unit_identifier_revisions_check check (superseded_rev > recorded_rev),
  add constraint unit_identifier_no_overlap
    exclude using gist (resh_id with =, system with =, daterange(valid_from, valid_to) with &&) where (superseded_rev is null);

alter table unit_name
  add constraint unit_name_period_check check (valid_to > valid_from),
  add constraint unit_name_revisions_check check (superseded_rev > recorded_rev),
  add constraint unit_name_no_overlap
    exclude using gist (resh_id with =, language with =, daterange(valid_from, valid_to) with &&) where (superseded_rev is null);

alter table unit_address
  add constraint unit_address_period_check check (valid_to > valid_from),
  add constraint unit_address_revisions_check check (superseded_rev > recorded_rev),
  add constraint unit_address_no_overlap
    exclude using gist (resh_id with =, type with =, daterange(valid_from, valid_to) with &&) where (superseded_rev is null);

alter table unit_contact_point
  add constraint unit_contact_point_period_check check (valid_to > valid_from),
  add constraint unit_contact_point_revisions_check check (superseded_rev > recorded_rev),
  add constraint unit_contact_point_no_overlap
    exclude using gist (resh_id with =, type with =, value with =, daterange(valid_from, valid_to) with &&) where (superseded_rev is null);

alter table mapping_node
  add constraint mapping_node_period_check check (valid_to > valid_from),
  add constraint mapping_node_revisions_check check (superseded_rev > recorded_rev),
  add constraint mapping_node_no_overlap
    exclude using gist (system_id with =, node_id with =, daterange(valid_from, valid_to) with &&) where (superseded_rev is null);

alter table treatment_site_version
  add constraint treatment_site_version_period_check check (valid_to > valid_from),
  add constraint treatment_site_version_revisions_check check (superseded_rev > recorded_rev),
  add constraint treatment_site_version_no_overlap
    exclude using gist (organization_number with =, daterange(valid_from, valid_to) with &&) where (superseded_rev is null);

alter table code_version
  add constraint code_version_period_check check (valid_to > valid_from),
  add constraint code_version_revisions_check check (superseded_rev > recorded_rev),
  add constraint code_version_no_overlap
    exclude using gist (code_set with =, code with =, daterange(valid_from, valid_to) with &&) where (superseded_rev is null);

alter table administrator
  add constraint administrator_period_check check (valid_to > valid_from),
  add constraint administrator_revisions_check check (superseded_rev > recorded_rev),
  add constraint administrator_no_overlap
    exclude using gist (subject with =, daterange(valid_from, valid_to) with &&) where (superseded_rev is null);

alter table access_grant
  add constraint access_grant_period_check check (valid_to > valid_from),
  add constraint access_grant_revisions_check check (superseded_rev > recorded_rev),
  add constraint access_grant_no_overlap
    exclude using gist (subject with =, role with =, (coalesce(resh_id, 0)) with =, daterange(valid_from, valid_to) with &&) where (superseded_rev is null);

alter table succession
  add constraint succession_revisions_check check (superseded_rev > recorded_rev),
  add constraint succession_itself_check check (from_resh_id <> to_resh_id);

alter table treatment_site
  add constraint treatment_site_number_check check (is_organization_number(organization_number));

alter table access_grant
  add constraint access_grant_unit_check check ((role = 'ADMINISTRATOR') = (resh_id is not null));

-- Columns derived from the names are made where rows are made, so that COPY, SQL and the client agree.
create function derive_unit_version_text() returns trigger language plpgsql as $$
begin
  new.name_sort_key := norwegian_sort_key(new.name);
  new.name_folded := fold_text(new.name);
  new.short_name_folded := fold_text(new.short_name);
  return new;
end
$$;

create trigger unit_version_derive_text
  before insert on unit_version
  for each row execute function derive_unit_version_text();

-- A recorded row is history: it may be superseded once, and its path mended; nothing else, ever.
create function refuse_rewriting() returns trigger language plpgsql as $$
begin
  raise exception 'rows of % are history: % is refused', tg_table_name, tg_op
    using errcode = 'integrity_constraint_violation', constraint = tg_table_name || '_append_only',
          hint = 'record a new row and supersede the old one';
end
$$;

create function supersede_only() returns trigger language plpgsql as $$
declare
  free text[] := array['superseded_rev', 'path', 'path_text'];
begin
  if to_jsonb(old) - free is distinct from to_jsonb(new) - free
    or (old.superseded_rev is not null and new.superseded_rev is distinct from old.superseded_rev) then
    raise exception 'rows of % are history: % is refused', tg_table_name, tg_op
      using errcode = 'integrity_constraint_violation', constraint = tg_table_name || '_append_only',
            hint = 'record a new row and supersede the old one';
  end if;
  return new;
end
$$;

do $$
declare
  name text;
begin
  foreach name in array array['change', 'unit', 'treatment_site', 'code_set', 'code'] loop
    execute format('create trigger %I before update or delete on %I for each row execute function refuse_rewriting()', name || '_append_only', name);
    execute format('create trigger %I before truncate on %I for each statement execute function refuse_rewriting()', name || '_no_truncate', name);
  end loop;
  foreach name in array array['unit_version', 'unit_code', 'unit_identifier', 'unit_name', 'unit_address',
    'unit_contact_point', 'succession', 'mapping_node', 'treatment_site_version', 'code_version', 'administrator', 'access_grant'] loop
    execute format('create trigger %I before update on %I for each row execute function supersede_only()', name || '_supersede_only', name);
    execute format('create trigger %I before delete on %I for each row execute function refuse_rewriting()', name || '_append_only', name);
    execute format('create trigger %I before truncate on %I for each statement execute function refuse_rewriting()', name || '_no_truncate', name);
  end loop;
end
$$;
