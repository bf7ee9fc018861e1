import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import { guardFormula } from '../../domain/text/formula-guard.ts';
import type { SynchronizationPlan } from './plan-synchronization.ts';

const kindOfField: Readonly<Record<string, string>> = {
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
export const writeReport = async (path: string, { units, fallen }: SynchronizationPlan): Promise<void> => {
  const lines = function* () {
    for (const { reshId, foreignId, name, kinds, fields, isBefore, isAfter } of units) {
      if (isBefore !== isAfter) yield [kinds[0], reshId, foreignId, name, null, null, null];
      else
        for (const { field, old, new: now } of fields)
          yield [kindOfField[field] ?? 'CHANGED', reshId, foreignId, name, field, old, now];
    }
    for (const { reshId, text } of fallen) yield ['PLAN_FELL_AWAY', reshId, null, text, null, null, null];
  };
  const columns = ['what', 'resh_id', 'foreign_id', 'name', 'field', 'old', 'new'];
  await pipeline(lines, stringify({ header: true, columns, cast: { string: guardFormula } }), createWriteStream(path));
};
