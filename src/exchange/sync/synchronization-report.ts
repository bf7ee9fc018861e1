import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import { guardFormula } from '../../domain/text/formula-guard.ts';
import type { SynchronizationPlan } from './plan-synchronization.ts';

const changeKindByField: Readonly<Record<string, string>> = {
  name: 'RENAMED',
  shortName: 'RENAMED',
  parent: 'MOVED',
  codes: 'RECODED',
  treatmentSite: 'SITE_CHANGED',
};

/**
 * Writes what a synchronization changes as CSV: a line for each unit that opens, reopens or closes, one for each fact of the others
 * that changes, and one for each plan that falls away.
 */
export async function writeSynchronizationReport(
  path: string,
  { units, droppedPlans }: SynchronizationPlan,
): Promise<void> {
  const lines = function* () {
    for (const { reshId, foreignId, name, kinds, fields, isValidBefore, isValidAfter } of units) {
      if (isValidBefore !== isValidAfter) yield [kinds[0], reshId, foreignId, name, null, null, null];
      else
        for (const { field, old, new: newValue } of fields)
          yield [changeKindByField[field] ?? 'CHANGED', reshId, foreignId, name, field, old, newValue];
    }
    for (const { reshId, text } of droppedPlans) yield ['PLAN_FELL_AWAY', reshId, null, text, null, null, null];
  };
  const columns = ['what', 'resh_id', 'foreign_id', 'name', 'field', 'old', 'new'];
  await pipeline(lines, stringify({ header: true, columns, cast: { string: guardFormula } }), createWriteStream(path));
}
