import type { Day } from '../../domain/day.ts';
import { HER_ID_SYSTEM } from '../../domain/identifier-systems.ts';
import type { BulkSession } from '../../store/bulk-session.ts';
import type { Database } from '../../store/database.ts';
import { recordChange } from '../../store/ledger.ts';
import { codeSets } from './code-register.ts';
import { FIRST_INVENTED_ID, generateUnits, type DemoUnit } from './generate-units.ts';

const unitsInChunk = 5_000;

type Cell = string | number | null;
const csvLine = (cells: readonly Cell[]): string =>
  `${cells.map((cell) => (cell === null ? '' : typeof cell === 'number' ? cell : `"${cell.replaceAll('"', '""')}"`)).join(',')}\n`;

// In the order in which their references need them.
const targets = {
  unit: 'unit (resh_id, registered_rev)',
  site: 'treatment_site (organization_number, registered_rev)',
  siteVersion:
    'treatment_site_version (organization_number, name, country, address_lines, legal_entity_resh_id, recorded_rev)',
  version:
    'unit_version (resh_id, valid_from, valid_to, recorded_rev, parent_resh_id, type, name, designation_code, organization_number, treatment_site_number, responsible_person, path, path_text)',
  code: 'unit_code (resh_id, code_set, code, attributes, valid_from, valid_to, recorded_rev)',
  identifier: 'unit_identifier (resh_id, system, value, valid_from, valid_to, recorded_rev)',
  name: 'unit_name (resh_id, language, name, valid_from, valid_to, recorded_rev)',
  address: 'unit_address (resh_id, type, lines, postal_code, city, country, valid_from, valid_to, recorded_rev)',
  contact: 'unit_contact_point (resh_id, type, value, valid_from, valid_to, recorded_rev)',
  succession: 'succession (from_resh_id, to_resh_id, kind, extent, effective_on, recorded_rev)',
};
type Target = keyof typeof targets;
const order: readonly Target[] = [
  'unit',
  'site',
  'siteVersion',
  'version',
  'code',
  'identifier',
  'name',
  'address',
  'contact',
  'succession',
];

const pathText = (path: readonly number[]): string => path.map((id) => `${String(id).padStart(10, '0')}/`).join('');

const linesOf = (unit: DemoUnit, revision: number, add: (target: Target, cells: readonly Cell[]) => void): void => {
  const { reshId, site, versions } = unit;
  const from = versions[0]?.from ?? null;
  const to = versions.at(-1)?.to ?? null;
  add('unit', [reshId, revision]);
  if (site?.isNew) {
    add('site', [site.number, revision]);
    add('siteVersion', [site.number, site.name, 'NO', '{}', versions[0]?.path[1] ?? null, revision]);
  }
  for (const version of versions)
    add('version', [
      reshId,
      version.from,
      version.to,
      revision,
      version.path.at(-2) ?? null,
      unit.type,
      version.name,
      unit.designation,
      unit.organizationNumber,
      site?.number ?? null,
      unit.responsiblePerson,
      `{${version.path.join(',')}}`,
      pathText(version.path),
    ]);
  if (unit.specialty) add('code', [reshId, 8451, unit.specialty, '{}', from, to, revision]);
  if (unit.englishName) add('name', [reshId, 'en', unit.englishName, from, to, revision]);
  if (unit.organizationNumber) {
    add('identifier', [reshId, HER_ID_SYSTEM, String(90_000_000 + (reshId % 9_000_000)), from, to, revision]);
    add('address', [reshId, 'VISITING', '{"Demoveien 1"}', '0001', 'Oslo', 'NO', from, to, revision]);
    add('contact', [reshId, 'WEB', `https://unit-${reshId}.example`, from, to, revision]);
  }
  if (unit.mergedInto !== null && to !== null)
    add('succession', [reshId, unit.mergedInto, 'MERGE', 'FULL', to, revision]);
};

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}

const writeCodes = async (session: BulkSession, revision: number): Promise<void> => {
  const codes = codeSets.flatMap((set) => set.codes.map(([code, name]) => ({ set: set.number, code, name })));
  const copy = (target: string, rows: readonly (readonly Cell[])[]) =>
    session.copyFrom(target, once(rows.map(csvLine).join('')));
  await copy(
    'code_set (number, oid, name, registered_rev)',
    codeSets.map((set) => [set.number, `2.16.578.1.12.4.1.1.${set.number}`, set.name, revision]),
  );
  await copy(
    'code (code_set, code, registered_rev)',
    codes.map(({ set, code }) => [set, code, revision]),
  );
  await copy(
    'code_version (code_set, code, name, replaced_by, recorded_rev)',
    codes.map(({ set, code, name }) => [set, code, name, '{}', revision]),
  );
};

/**
 * Loads the invented demo register into an empty one, as one change.
 *
 * @param options.units about how many units; `today` decides what is planned for later
 * @returns how many units it has, and its revision
 * @throws when the register is not empty
 */
export const loadDemo = (
  database: Database,
  options: { units: number; today: Day; seed?: number; onProgress?: (done: number, total: number) => void },
): Promise<{ units: number; revision: number }> =>
  database.bulk(async (session) => {
    const { units, today, seed = 1, onProgress } = options;
    let done = 0;
    const { revision } = await recordChange(
      session,
      {
        operation: 'DEMO',
        actor: { subject: 'command-line', name: 'Demo register' },
        effectiveOn: null,
        reason: 'Invented departments under real regions and trusts',
        input: { units, today, seed },
      },
      async (revision) => {
        if (revision !== 1)
          throw new Error(
            `The register is not empty: it is at revision ${revision - 1}. Load the demo into an empty register.`,
          );
        await writeCodes(session, revision);
        let chunk = new Map<Target, string[]>();
        const write = async (): Promise<void> => {
          for (const target of order) {
            const lines = chunk.get(target);
            if (lines) await session.copyFrom(targets[target], once(lines.join('')));
          }
          chunk = new Map();
        };
        const add = (target: Target, cells: readonly Cell[]): void => {
          const lines = chunk.get(target) ?? [];
          if (lines.length === 0) chunk.set(target, lines);
          lines.push(csvLine(cells));
        };
        for (const unit of generateUnits(units, today, seed)) {
          linesOf(unit, revision, add);
          done++;
          if (done % unitsInChunk === 0) {
            await write();
            onProgress?.(done, Math.max(units, done));
          }
        }
        await write();
        await session.query(`-- next RESH-id\nselect setval('resh_id_seq', $1::integer)::text as set`, [
          FIRST_INVENTED_ID + units * 2,
        ]);
        onProgress?.(done, done);
      },
    );
    await session.execute('analyze');
    return { units: done, revision };
  });
