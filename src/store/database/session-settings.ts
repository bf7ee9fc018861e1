/**
 * Similarity of a word to a part of a name from which the name matches, from 0 to 1. With pg_trgm's default of 0.6 the
 * search text "Haukland" does not find "Haukeland".
 */
export const WORD_SIMILARITY_THRESHOLD = 0.45;

/**
 * Session settings for connections of both databases. The similarity threshold is for `%>` and `<%`, which use the
 * trigram index. JIT is off because the planner overestimates statements with a list of keys, and compiling takes
 * longer than running them.
 */
export const sessionSettings = `set pg_trgm.word_similarity_threshold = ${WORD_SIMILARITY_THRESHOLD}; set jit = off`;

/**
 * Settings for transactions of changes, which find their rows by keys with few, known statements. Planning each of them
 * again takes longer than running it. A plan made while a table has few rows scans it, and a session keeps its plans,
 * also those of foreign keys, while the table grows; so there are no scans.
 */
export const changeSettings = ['plan_cache_mode = force_generic_plan', 'enable_seqscan = off'] as const;
