import { describe, expect, it } from 'vitest';
import { createClient } from '../../support/http/client.ts';
import { graphql } from '../../support/generated/gql.ts';
import { useRegister } from '../../support/registers/use-register.ts';

const testRegister = useRegister();

describe('empty register', () => {
  it('answers at revision 0 and the current day', async () => {
    const client = createClient(testRegister.database, { today: '2026-11-23' });

    const { register } = await client.query(
      graphql(`
        query EmptyRegister {
          register {
            validAt
            revision
            knownAt
            roots {
              reshId
            }
          }
        }
      `),
    );

    expect(register).toEqual({ validAt: '2026-11-23', revision: 0, knownAt: null, roots: [] });
  });

  it('returns null for each RESH-id, in the order of the request', async () => {
    const client = createClient(testRegister.database, { today: '2026-11-23' });

    const { units } = await client.query(
      graphql(`
        query EmptyUnits($reshIds: [ReshId!]!) {
          units(reshIds: $reshIds) {
            reshId
            outcome
            unit {
              name
            }
          }
        }
      `),
      { reshIds: [102673, 100021, 102673] },
    );

    expect(units).toEqual([102673, 100021, 102673].map((reshId) => ({ reshId, outcome: 'UNKNOWN', unit: null })));
  });
});
