-- Searches look for words in names in other languages, by their trigrams.

create index unit_name_folded_idx on unit_name using gin (fold_text(name) gin_trgm_ops);
