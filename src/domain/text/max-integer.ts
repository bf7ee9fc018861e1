/** Greatest RESH-id, revision and code set number: the greatest `integer` of PostgreSQL and `Int` of GraphQL. */
export const MAX_INTEGER = 2_147_483_647;
