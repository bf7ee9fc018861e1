-- Three texts are derived for every row that a move or an import adds: SQL starts a query for each of them, PL/pgSQL evaluates an expression in half the time.

create or replace function fold_text(value text) returns text
  language plpgsql immutable strict parallel safe as $$
begin
  return lower(public.unaccent('public.unaccent'::regdictionary, value));
end
$$;

create or replace function norwegian_sort_key(value text) returns text
  language plpgsql immutable strict parallel safe as $$
begin
  return lower(public.unaccent('public.unaccent'::regdictionary, translate(value, 'ÆæÄäØøÖöÅåÜü', '{{{{||||}}yy')));
end
$$;
