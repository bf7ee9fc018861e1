/**
 * Session settings that connections of both databases start with. One decides how much of a word must match: pg_trgm's default of
 * 0.6 refuses «Haukland» for «Haukeland», and `<%` is to use the trigram index. The other keeps the server from compiling
 * statements: its guess of their cost is high where a list of keys comes in, and compiling takes longer than all of the answer.
 */
export const sessionSettings = 'set pg_trgm.word_similarity_threshold = 0.45; set jit = off';
