import type { CsvValue } from '../../domain/text/csv.ts';
import { formatFieldValue } from '../../domain/unit/field-text.ts';
import { writeCsvReport } from '../import/csv-report.ts';
import type { ReferencePlan } from './plan-reference-data.ts';
import type { SynchronizationPlan } from './plan-synchronization.ts';

const columns = ['what', 'resh_id', 'foreign_id', 'name', 'field', 'old', 'new'];

const changeKindByField: Readonly<Record<string, string>> = {
  name: 'RENAMED',
  shortName: 'RENAMED',
  parent: 'MOVED',
  codes: 'RECODED',
  treatmentSite: 'SITE_CHANGED',
};

/**
 * Writes the changes of a synchronization as CSV: a line for each unit that opens, reopens or closes, for each changed
 * fact of other units, for each new succession, for each dropped plan, and for each change of a treatment site or a
 * code. In the last two, `foreign_id` is the number of the site or the code, such as 8451:010.
 */
export function writeSynchronizationReport(
  path: string,
  plan: SynchronizationPlan,
  reference: ReferencePlan,
): Promise<void> {
  return writeCsvReport(path, columns, listRows(plan, reference));
}

function* listRows(
  { units, draft, droppedPlans }: SynchronizationPlan,
  { siteChanges, codes }: ReferencePlan,
): Generator<readonly CsvValue[]> {
  for (const { reshId, foreignId, name, kinds, fields, isValidBefore, isValidAfter } of units) {
    if (isValidBefore !== isValidAfter) yield [kinds[0], reshId, foreignId, name, null, null, null];
    else
      for (const { field, before, after } of fields) {
        const values = [before, after].map((value) => value && formatFieldValue(value));
        yield [changeKindByField[field] ?? 'CHANGED', reshId, foreignId, name, field, ...values];
      }
  }
  for (const { from, to, kind } of draft.successions) yield [kind, from, null, null, 'successor', null, to];
  for (const { reshId, note } of droppedPlans) yield ['PLAN_FELL_AWAY', reshId, null, note.message, null, null, null];
  for (const { organizationNumber, name, field, before, after } of siteChanges)
    yield ['SITE_UPDATED', null, organizationNumber, name, field, before, after];
  for (const { kind, reference, before, after } of codes.changes) {
    const names = kind === 'RENAMED' ? ['name', before?.name, after?.name] : [null, null, null];
    yield [`CODE_${kind}`, null, reference, before?.name ?? null, ...names.map((value) => value ?? null)];
  }
}
