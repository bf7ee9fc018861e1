import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { computeUnitChange, type UnitChange } from '../../src/domain/unit/change.ts';
import type { DatedUnit } from '../../src/domain/unit/state.ts';
import type { Succession } from '../../src/domain/unit/succession.ts';
import { createSqlClient } from '../../src/store/database/prisma-sql-client.ts';
import { countChangesOfUnits, readChangesOfUnits } from '../../src/store/feed/changes-of-units.ts';
import { countUnitChanges, readUnitChanges } from '../support/database/unit-changes.ts';
import { datedUnit, datedVersion } from '../support/builders/version-row.ts';
import { clearRegister } from '../support/database/database.ts';
import { histories } from '../support/model/history.ts';
import { propertyOptions } from '../support/model/property-options.ts';
import { recordState } from '../support/model/record-state.ts';
import { emptyState, type RegisterState } from '../support/model/register-state.ts';
import { successionDraws, addSuccessions } from '../support/model/successions.ts';
import { useRegister } from '../support/registers/use-register.ts';

const register = useRegister();

function buildDatedUnit({ timelines }: RegisterState, reshId: number): DatedUnit {
  return datedUnit((timelines.get(reshId) ?? []).map(datedVersion));
}

function findUnitSuccessions({ successions }: RegisterState, reshId: number): Succession[] {
  return successions.filter(({ fromReshId, toReshId }) => fromReshId === reshId || toReshId === reshId);
}

/** Reads all pages, a few items at a time. */
async function readAllPages<Item>(read: (after: Item | undefined) => Promise<Item[]>): Promise<Item[]> {
  const found: Item[] = [];
  let page: readonly Item[];
  do {
    page = await read(found.at(-1));
    found.push(...page);
  } while (page.length > 0);
  return found;
}

describe('unit changes', () => {
  it('equal the difference of states in every revision of every history, in pages', async () => {
    await fc.assert(
      fc.asyncProperty(histories(1), successionDraws, async (history, draws) => {
        const { revisions, reshIds } = addSuccessions(history, draws);
        await clearRegister(register.database);
        const orderedReshIds = [...reshIds].sort((one, other) => one - other);
        const revisionsByUnit = new Map<number, number[]>();
        const query = createSqlClient(register.database.prisma);
        for (const [revision, after] of revisions.entries()) {
          const before = revisions[revision - 1] ?? emptyState;
          if (revision > 0) await recordState(register.database, before, after);
          const changes = orderedReshIds.flatMap((reshId): UnitChange[] => {
            const change = computeUnitChange(reshId, buildDatedUnit(before, reshId), buildDatedUnit(after, reshId), {
              before: findUnitSuccessions(before, reshId),
              after: findUnitSuccessions(after, reshId),
            });
            return change ? [change] : [];
          });
          for (const { reshId } of changes)
            revisionsByUnit.set(reshId, [revision, ...(revisionsByUnit.get(reshId) ?? [])]);
          expect(
            await readAllPages<UnitChange>((last) =>
              readUnitChanges(query, revision, { first: 3, after: last?.reshId }),
            ),
          ).toEqual(changes);
          expect(await register.database.bulk((session) => readUnitChanges(session, revision, { first: 100 }))).toEqual(
            changes,
          );
          expect(await countUnitChanges(query, revision)).toBe(changes.length);
        }
        const revision = revisions.length - 1;
        for (const reshId of reshIds)
          expect(
            await readAllPages<number>(
              async (before) => (await readChangesOfUnits(query, [{ reshId, revision, first: 2, before }]))[0] ?? [],
            ),
          ).toEqual(revisionsByUnit.get(reshId) ?? []);
        expect(
          await countChangesOfUnits(
            query,
            reshIds.map((reshId) => ({ reshId, revision })),
          ),
        ).toEqual(reshIds.map((reshId) => revisionsByUnit.get(reshId)?.length ?? 0));
      }),
      propertyOptions(15),
    );
  });
});
