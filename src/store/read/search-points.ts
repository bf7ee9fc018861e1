/**
 * Points of a word of a search in a name, and of a name, from which the score of a unit is made: ten times the average
 * of the words, and the bonus of the best name; the name of a treatment site has none. SQL and the search in memory count them in integers.
 */
export const searchPoints = {
  /** The word is a word of the name, the start of one, or part of one */
  whole: 85,
  start: 72,
  part: 60,
  /** The name has the word with the accents as typed, or in another spelling of æ, ø and å */
  asTyped: 10,
  otherSpelling: 5,
  /** Times the similarity, for a word that the name does not have */
  similar: 50,
  /** In the name of a unit above, however the name has the word */
  above: 35,
  /** Taken from a name that the unit had before */
  former: 15,
  /** The name is the search text */
  equal: 100,
  /** Times the share of the name that is the search text */
  coverage: 50,
} as const;
