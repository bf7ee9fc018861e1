/**
 * Session setting that decides how much of a word must match: pg_trgm's default of 0.6 refuses «Haukland» for «Haukeland».
 * Connections of both databases start with it, so that `<%` can use the trigram index.
 */
export const searchSettings = 'set pg_trgm.word_similarity_threshold = 0.45';
