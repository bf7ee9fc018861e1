-- parameters: none
-- Selects the candidates of the round with free keys, one by one, because each can take the key of a later one. The
-- loop looks up each key by the index, as in reject-candidates.sql.
do $$
declare
  candidate record;
  other_line integer;
begin
  set local enable_seqscan = off;
  set local enable_hashjoin = off;
  set local enable_mergejoin = off;
  truncate import_reserved_key;
  insert into import_reserved_key (line, span, row_label)
  select line, span, row_label
  from import_unique_key
  where is_accepted;
  for candidate in
    select line
    from import_candidate
    where is_in_round
      and state = 'OPEN'
    order by line
  loop
    select other.line into other_line
    from import_unique_key k
    cross join lateral (
      select line
      from import_reserved_key
      where span && k.span
      limit 1
    ) as other
    where k.line = candidate.line
    limit 1;
    if other_line is null then
      insert into import_reserved_key (line, span, row_label)
      select line, span, row_label
      from import_unique_key
      where line = candidate.line;
      update import_candidate
      set is_selected = true
      where line = candidate.line;
    else
      update import_candidate
      set displaced_other = true
      where line = other_line
        and not displaced_other;
    end if;
  end loop;
end $$;
