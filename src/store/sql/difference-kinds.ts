import { factFields, factNames, type DifferenceKind } from '../../domain/unit/facts.ts';
import { unitVersion } from '../tables.ts';
import {
  differingUnitsBetweenPointsSql,
  factsOnOneSideSql,
  fromDay,
  fromRevision,
  partsBetweenPoints,
  toDay,
  toRevision,
  visibleAtFrom,
  visibleAtTo,
} from './difference.ts';
import { factTables } from './fact-tables.ts';
import { knownAt } from './temporal-conditions.ts';

/**
 * Returns a query of the kinds of difference between two points, as `resh_id` and `kind`, by the rule of
 * `computeUnitDifference`. Parameters as in `differingUnitsBetweenPointsSql`.
 */
export function differenceKindsSql(after: string, within?: string): string {
  const kinds = [...lifetimeKinds, ...listFactKinds(), ...(within === undefined ? [] : crossingKinds(within))];
  const { versions: _versions, codes, ...otherLists } = factTables;
  const parts = partsBetweenPoints(after, within);
  return `
    with differing as materialized (
      ${differingUnitsBetweenPointsSql(after, within)}
    ),
    unit as materialized (
      select differing.resh_id, before, after, before.id is not null as was_valid, after.id is not null as is_valid
      from differing
      left join lateral (
        select *
        from unit_version v
        where v.resh_id = differing.resh_id
          and ${visibleAtFrom('v')}
        offset 0
      ) before on true
      left join lateral (
        select *
        from unit_version v
        where v.resh_id = differing.resh_id
          and ${visibleAtTo('v')}
        offset 0
      ) after on true
    )
    select unit.resh_id, difference.kind
    from unit
    cross join lateral (
      values ${kinds.map(([kind, holds]) => `('${kind}', ${holds})`).join(', ')}
    ) difference (kind, holds)
    where difference.holds
    union
    select listed.resh_id, listed.kind
    from (
      ${[
        `select resh_id, 'RECODED' as kind from (${factsOnOneSideSql(parts, codes)}) as codes`,
        ...Object.values(otherLists).map(
          (list) => `select resh_id, 'CHANGED' from (${factsOnOneSideSql(parts, list)}) as list`,
        ),
      ].join(' union all ')}
    ) as listed (resh_id, kind)
    join unit on unit.resh_id = listed.resh_id
    where unit.was_valid
      and unit.is_valid`;
}

/** A kind of difference, and the condition on a row `unit` with it. */
type KindCondition = readonly [kind: DifferenceKind, condition: string];

const wasKnownBeforeSql = `exists (
        select from unit_version v
        where v.resh_id = unit.resh_id
          and ${knownAt(fromRevision, 'v')}
          and v.valid_from < ${fromDay}
      )`;

const isStillKnownSql = `exists (
        select from unit_version v
        where v.resh_id = unit.resh_id
          and ${knownAt(toRevision, 'v')}
      )`;

const lifetimeKinds: readonly KindCondition[] = [
  ['OPENED', `not was_valid and is_valid and not ${wasKnownBeforeSql}`],
  ['REOPENED', `not was_valid and is_valid and ${wasKnownBeforeSql}`],
  ['CLOSED', `was_valid and not is_valid and ${isStillKnownSql}`],
  ['WITHDRAWN', `was_valid and not is_valid and not ${isStillKnownSql}`],
  ['MERGED', `was_valid and not is_valid and ${becameSql('MERGE')}`],
  ['SPLIT', `was_valid and not is_valid and ${becameSql('SPLIT')}`],
];

/** Returns the condition that successions of a kind take effect from the end of a unit to the second point's day. */
function becameSql(kind: 'MERGE' | 'SPLIT'): string {
  return `exists (
        select from succession s
        where s.from_resh_id = unit.resh_id
          and ${knownAt(toRevision, 's')}
          and s.kind = '${kind}'
          and s.effective_on <= ${toDay}
          and s.effective_on >= (
            select max(v.valid_to)
            from unit_version v
            where v.resh_id = unit.resh_id
              and ${knownAt(toRevision, 'v')}
              and v.valid_to <= ${toDay}
          )
      )`;
}

/** Returns the conditions that facts of versions differ. */
function listFactKinds(): KindCondition[] {
  return factNames.map((name) => {
    const { column } = unitVersion.facts[name];
    const differs = `(unit.before).${column} is distinct from (unit.after).${column}`;
    return [factFields[name].kind, `was_valid and is_valid and ${differs}`];
  });
}

/** Returns the conditions that a unit came under the unit at the top, or left it. */
function crossingKinds(within: string): KindCondition[] {
  const [wasWithin, isWithin] = [`${within} = any((unit.before).path)`, `${within} = any((unit.after).path)`];
  return [
    ['ENTERED', `was_valid and is_valid and not ${wasWithin} and ${isWithin}`],
    ['LEFT', `was_valid and is_valid and ${wasWithin} and not ${isWithin}`],
  ];
}
