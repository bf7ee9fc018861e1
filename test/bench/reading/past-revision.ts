import { updateUnit } from '../../../src/operations/update-unit.ts';
import { registerOperator } from '../../../src/store/change/register-operator.ts';
import { openDatabase } from '../../../src/store/database/database.ts';
import type { Tree } from './generate-tree.ts';
import { VALID_FROM } from './import-files.ts';
import type { VariablesByQuery } from './variables.ts';

/** A revision of the register of resh-graph at which units had other names. */
export interface PastRevision {
  readonly revision: number;
  /** Names at that revision by the names now */
  readonly pastNames: ReadonlyMap<string, string>;
}

const operator = { subject: 'bench', name: 'Bench', email: undefined };

/**
 * Renames the units that are asked for first, and then renames them back, so that the newest revision has the names of
 * the tree. Returns the revision between.
 */
export async function recordPastRevision(
  url: string,
  { units }: Tree,
  { Q1, Q3, Q3L }: VariablesByQuery,
): Promise<PastRevision> {
  const reshIds = new Set([Q1, Q3, Q3L].map(([first]) => Number(first?.['id'])));
  const pastNames = new Map(units.flatMap(({ id, name }) => (reshIds.has(id) ? [[name, `Tidligere navn ${id}`]] : [])));
  const database = await openDatabase({ kind: 'server', url });
  const rename = async (reshId: number, name: string): Promise<number> => {
    const context = { database, today: VALID_FROM, viewer: operator };
    const { revision, userErrors } = await updateUnit(context, { reshId, name, effectiveOn: VALID_FROM });
    if (revision === null) throw new Error(`A rename was refused: ${JSON.stringify(userErrors)}`);
    return revision;
  };
  try {
    await database.bulk((session) => registerOperator(session, operator, operator, VALID_FROM));
    let revision = 0;
    for (const { id, name } of units) {
      const pastName = pastNames.get(name);
      if (pastName !== undefined) revision = await rename(id, pastName);
    }
    for (const { id, name } of units) if (pastNames.has(name)) await rename(id, name);
    return { revision, pastNames };
  } finally {
    await database.close();
  }
}
