import { z } from 'zod';
import { unitChange, type DatedUnit, type UnitChange, type UnitSuccession } from '../../domain/unit/change.ts';
import type { ChangeTransaction } from '../change/ledger.ts';
import { grouped } from '../sql/temporal-conditions.ts';
import { changedIn, changingTables, firstChangedIn, ofRevision, pathTable, sayingTables } from '../sql/fact-tables.ts';

/** Which page of the units that a revision changed: `after` is the last RESH-id of the page before. */
export interface UnitChangePage {
  readonly first: number;
  readonly after?: number | undefined;
}

/** The same, of any revision. */
export interface UnitChangesOf extends UnitChangePage {
  readonly revision: number;
}

const pageStatement = `-- units that changes changed
  select key.n, page.resh_id as "reshId"
  from jsonb_to_recordset($1::text::jsonb) as key (n integer, revision integer, first integer, after integer)
  cross join lateral (
    select resh_id
    from (${changingTables
      .map(
        (table) => `
      (${firstChangedIn(table, 'key.revision', 'key.after', 'key.first')})`,
      )
      .join('\n      union')}
    ) as changed
    order by resh_id
    limit key.first
  ) as page
  order by key.n, page.resh_id`;

const changedBy = (revision: string): string =>
  changingTables.map((table) => changedIn(table, ofRevision(revision))).join('\n      union\n      ');

const countStatement = `-- number of units that changes changed
  select key.n, (
    select count(*)::integer
    from (
      ${changedBy('key.revision')}
    ) as changed
  ) as count
  from jsonb_to_recordset($1::text::jsonb) as key (n integer, revision integer)`;

const countPathsStatement = `-- number of units of which changes altered the path only
  select key.n, (
    select count(*)::integer
    from (
      ${changedIn(pathTable, ofRevision('key.revision'))}
      except (
      ${changedBy('key.revision')}
      )
    ) as moved
  ) as count
  from jsonb_to_recordset($1::text::jsonb) as key (n integer, revision integer)`;

/** The columns of what is said of a unit, list by list. */
export const columns = {
  versions: `parent_resh_id as "parentReshId", type::text, name, short_name as "shortName",
    designation_code as "designationCode", designation_text as "designationText", organization_number as "organizationNumber",
    treatment_site_number as "treatmentSiteNumber", responsible_person as "responsiblePerson"`,
  codes: `code_set as "codeSet", code, coalesce(attributes, '{}') as attributes`,
  identifiers: 'system, value',
  names: 'language, name',
  addresses: `type::text, coalesce(lines, '{}') as lines, postal_code as "postalCode", city, country`,
  contactPoints: 'type::text, value',
} satisfies Record<keyof DatedUnit, string>;

const text = z.string().nullable();
const dated = { from: z.string(), to: text };
/** Their rows, parsed. */
export const contents: { readonly [List in keyof DatedUnit]: z.ZodType<DatedUnit[List][number]> } = {
  versions: z.object({
    ...dated,
    parentReshId: z.number().nullable(),
    type: z.enum(['ORGANIZATION', 'DEPARTMENT']),
    name: z.string(),
    shortName: text,
    designationCode: text,
    designationText: text,
    organizationNumber: text,
    treatmentSiteNumber: text,
    responsiblePerson: text,
  }),
  codes: z.object({ ...dated, codeSet: z.number(), code: z.string(), attributes: z.array(z.string()) }),
  identifiers: z.object({ ...dated, system: z.string(), value: z.string() }),
  names: z.object({ ...dated, language: z.string(), name: z.string() }),
  addresses: z.object({
    ...dated,
    type: z.string(),
    lines: z.array(z.string()),
    postalCode: text,
    city: text,
    country: text,
  }),
  contactPoints: z.object({ ...dated, type: z.string(), value: z.string() }),
};

const numbered = z.array(z.object({ n: z.number(), reshId: z.number() }));
const counted = z.array(z.object({ n: z.number(), count: z.number() }));
const known = z.array(z.object({ n: z.number(), isBefore: z.boolean(), isAfter: z.boolean() }));

/** A unit, and the revision that changed it. */
interface ChangedUnit {
  readonly reshId: number;
  readonly revision: number;
}

const keysOf = (keys: readonly object[]): string => JSON.stringify(keys.map((key, n) => ({ n, ...key })));

/** One list of units as known before and after the revisions that changed them, in the order asked. */
const readList = async <List extends keyof DatedUnit>(
  tx: ChangeTransaction,
  list: List,
  units: readonly ChangedUnit[],
): Promise<Record<'before' | 'after', DatedUnit[List][number][]>[]> => {
  const rows = await tx.query(
    `-- ${list} of changed units
     select key.n, recorded_rev < key.revision as "isBefore", superseded_rev is distinct from key.revision as "isAfter",
       valid_from::text as "from", valid_to::text as "to", ${columns[list]}
     from jsonb_to_recordset($1::text::jsonb) as key (n integer, "reshId" integer, revision integer)
     join ${sayingTables[list].name} as said on said.resh_id = key."reshId"
     where recorded_rev <= key.revision
       and (superseded_rev is null or superseded_rev >= key.revision)
     order by key.n, valid_from`,
    [keysOf(units)],
  );
  const sides = known.parse(rows);
  const items = z.array(contents[list]).parse(rows);
  const found = units.map((): Record<'before' | 'after', DatedUnit[List][number][]> => ({ before: [], after: [] }));
  items.forEach((item, place) => {
    const side = sides[place];
    const unit = side && found[side.n];
    if (side?.isBefore) unit?.before.push(item);
    if (side?.isAfter) unit?.after.push(item);
  });
  return found;
};

const became = z.array(
  z.object({
    n: z.number(),
    isKnown: z.boolean(),
    toReshId: z.number(),
    kind: z.enum(['MERGE', 'SPLIT', 'REPLACEMENT']),
    extent: z.enum(['FULL', 'PARTIAL']),
    effectiveOn: z.string(),
  }),
);

/** The successions of units that the revisions which changed them superseded, and those that they recorded, in the order asked. */
const readBecame = async (
  tx: ChangeTransaction,
  units: readonly ChangedUnit[],
): Promise<Record<'before' | 'after', UnitSuccession[]>[]> => {
  const rows = await tx.query(
    `-- what changed units became
     select key.n, s.recorded_rev = key.revision as "isKnown", s.to_resh_id as "toReshId", s.kind::text as kind,
       s.extent::text as extent, s.effective_on::text as "effectiveOn"
     from jsonb_to_recordset($1::text::jsonb) as key (n integer, "reshId" integer, revision integer)
     join succession s on s.from_resh_id = key."reshId" and key.revision in (s.recorded_rev, s.superseded_rev)`,
    [keysOf(units)],
  );
  return grouped(became.parse(rows), units.length).map((found) => {
    const side = (isAfter: boolean) =>
      found
        .filter(({ isKnown }) => isKnown === isAfter)
        .map(({ toReshId, kind, extent, effectiveOn }) => ({ toReshId, kind, extent, effectiveOn }));
    return { before: side(false), after: side(true) };
  });
};

/** What revisions did to units, in the order asked; undefined where one did nothing. Seven statements, whatever the number of units. */
const readChangesTo = async (
  tx: ChangeTransaction,
  units: readonly ChangedUnit[],
): Promise<(UnitChange | undefined)[]> => {
  const versions = await readList(tx, 'versions', units);
  const codes = await readList(tx, 'codes', units);
  const identifiers = await readList(tx, 'identifiers', units);
  const names = await readList(tx, 'names', units);
  const addresses = await readList(tx, 'addresses', units);
  const contactPoints = await readList(tx, 'contactPoints', units);
  const successions = await readBecame(tx, units);
  const stateOf = (place: number, side: 'before' | 'after'): DatedUnit => ({
    versions: versions[place]?.[side] ?? [],
    codes: codes[place]?.[side] ?? [],
    identifiers: identifiers[place]?.[side] ?? [],
    names: names[place]?.[side] ?? [],
    addresses: addresses[place]?.[side] ?? [],
    contactPoints: contactPoints[place]?.[side] ?? [],
  });
  return units.map(({ reshId }, place) =>
    unitChange(reshId, stateOf(place, 'before'), stateOf(place, 'after'), successions[place]),
  );
};

/**
 * Pages of the units that revisions changed themselves, or gave or took back successions, each in RESH-id order; a unit of which
 * only the path changed is none of them. Eight statements, whatever the number of pages and rows.
 */
export const readUnitChangesOf = async (
  tx: ChangeTransaction,
  pages: readonly UnitChangesOf[],
): Promise<UnitChange[][]> => {
  const found = numbered.parse(
    await tx.query(pageStatement, [
      keysOf(pages.map(({ revision, first, after }) => ({ revision, first, after: after ?? 0 }))),
    ]),
  );
  if (found.length === 0) return pages.map(() => []);
  const units = found.map(({ n, reshId }) => ({ n, reshId, revision: pages[n]?.revision ?? 0 }));
  const changes = await readChangesTo(
    tx,
    units.map(({ reshId, revision }) => ({ reshId, revision })),
  );
  const changed = units.flatMap(({ n }, place) => {
    const change = changes[place];
    return change ? [{ n, change }] : [];
  });
  return grouped(changed, pages.length).map((page) => page.map(({ change }) => change));
};

/**
 * A page of the units that a revision changed itself, in RESH-id order. It reads within the transaction of a change that is not
 * committed just as well.
 */
export const readUnitChanges = async (
  tx: ChangeTransaction,
  revision: number,
  page: UnitChangePage,
): Promise<UnitChange[]> => (await readUnitChangesOf(tx, [{ ...page, revision }]))[0] ?? [];

const readCounts = async (
  tx: ChangeTransaction,
  statement: string,
  revisions: readonly number[],
): Promise<number[]> => {
  const rows = counted.parse(await tx.query(statement, [keysOf(revisions.map((revision) => ({ revision })))]));
  return grouped(rows, revisions.length).map(([row]) => row?.count ?? 0);
};

/** Number of units that each revision changed itself. One statement. */
export const countUnitChangesOf = (tx: ChangeTransaction, revisions: readonly number[]): Promise<number[]> =>
  readCounts(tx, countStatement, revisions);

/** Number of units that a revision changed itself. One statement. */
export const countUnitChanges = async (tx: ChangeTransaction, revision: number): Promise<number> =>
  (await countUnitChangesOf(tx, [revision]))[0] ?? 0;

/** Number of units of which a revision changed the path only, because a unit above moved. One statement. */
export const countPathChanges = async (tx: ChangeTransaction, revision: number): Promise<number> =>
  (await readCounts(tx, countPathsStatement, [revision]))[0] ?? 0;
