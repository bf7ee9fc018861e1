/**
 * Session settings for connections of both databases. The similarity threshold decides how much of a word must match
 * for `<%`, which uses the trigram index: with pg_trgm's default of 0.6 the search text "Haukland" does not find
 * "Haukeland". JIT is off because the planner overestimates statements with a list of keys, and compiling takes longer
 * than running them.
 */
export const sessionSettings = 'set pg_trgm.word_similarity_threshold = 0.45; set jit = off';
