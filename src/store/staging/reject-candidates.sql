-- parameters: none
-- Rejects the candidates with a key of an accepted row. The loop looks up each key by the index: the planner has no
-- useful statistics of tables that change while they are read.
do $$
declare
  candidate record;
begin
  set local enable_seqscan = off;
  set local enable_hashjoin = off;
  set local enable_mergejoin = off;
  for candidate in
    select line
    from import_candidate
    where state in ('OPEN', 'DEFERRED')
  loop
    update import_candidate
    set state = 'REJECTED'
    where line = candidate.line
      and (
        select count(*)
        from import_unique_key k
        cross join lateral (
          select
          from import_unique_key accepted
          where accepted.is_accepted and accepted.span && k.span
          limit 1
        ) as other
        where k.line = candidate.line
      ) > 0;
  end loop;
end $$;
