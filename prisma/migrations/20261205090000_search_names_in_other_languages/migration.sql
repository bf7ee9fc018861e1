-- A search compares names in other languages and names of treatment sites as it compares names: by parts of folded text.

create index unit_name_folded_idx on unit_name using gin (fold_text(name) gin_trgm_ops);
create index treatment_site_version_folded_idx on treatment_site_version using gin (fold_text(name) gin_trgm_ops);
