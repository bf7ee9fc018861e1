import { z } from 'zod';
import type { NewSuccession } from '../../domain/plan/write-set.ts';
import type { Day } from '../../domain/time/day.ts';
import type { BulkSession } from '../database/bulk-session.ts';
import { markRejected } from '../staging/problems.ts';
import { checkSuccessions } from '../staging/successions/check-successions.ts';
import { checkSuccessionCircles } from '../staging/successions/circles.ts';
import { isCurrentSql } from './current-row.ts';

const file = 'successions.csv';

/** Checks the staged successions of a desired state. Call it after all checks of its units. */
export async function checkDesiredSuccessions(session: BulkSession): Promise<void> {
  await checkSuccessions(session);
  await checkSuccessionCircles(session);
}

/**
 * Checks which units of the staged successions are valid on the day of the desired state: a successor is, and a unit
 * that becomes others wholly is not. Call it after the comparison with the register.
 */
export async function checkSuccessionsOnDay(session: BulkSession, day: Day): Promise<void> {
  await session.execute(createSuccessionStateSql);
  await session.query(fillSuccessionStateSql, [day]);
  await session.execute(successorNotValidSql);
  await session.execute(sourceStaysSql);
  await markRejected(session, file);
}

const successionRows = z.array(
  z.object({
    from: z.number(),
    to: z.number(),
    kind: z.enum(['MERGE', 'SPLIT', 'REPLACEMENT']),
    extent: z.enum(['FULL', 'PARTIAL']),
    effectiveOn: z.string(),
  }),
);

/** Returns the staged successions without problems, in the order of their lines. */
export async function readDesiredSuccessions(session: BulkSession): Promise<NewSuccession[]> {
  return successionRows.parse(
    await session.query(
      `-- successions of a desired state
       select from_resh_id as "from", to_resh_id as "to", kind, extent, effective_on::text as "effectiveOn"
       from import_succession
       where not rejected
       order by line`,
    ),
  );
}

const createSuccessionStateSql = `drop table if exists desired_succession;
  create temporary table desired_succession (
    line integer not null,
    source_stays boolean not null,
    source_retained boolean not null,
    has_successor boolean not null,
    successor_rejected boolean not null
  )`;

function isValidAfterSql(reshId: string): string {
  return `(
      exists (select from import_placement p where p.resh_id = ${reshId})
      or (
        exists (select from unit_version v where v.resh_id = ${reshId} and ${isCurrentSql('v')})
        and not exists (select from desired_absent a where a.resh_id = ${reshId})
      )
    )`;
}

function isRejectedSql(reshId: string): string {
  return `exists (select from import_unit u where u.resh_id = ${reshId} and u.rejected)`;
}

// A succession that the register has is no change, so it needs no check.
const fillSuccessionStateSql = `-- units of new successions on the day
  insert into desired_succession (line, source_stays, source_retained, has_successor, successor_rejected)
  select s.line, ${isValidAfterSql('s.from_resh_id')},
    ${isRejectedSql('s.from_resh_id')}
      or exists (select from desired_retained r where r.resh_id = s.from_resh_id),
    ${isValidAfterSql('s.to_resh_id')}, ${isRejectedSql('s.to_resh_id')}
  from import_succession s
  where not s.rejected
    and not exists (
      select from succession e
      where e.from_resh_id = s.from_resh_id
        and e.to_resh_id = s.to_resh_id
        and e.kind::text = s.kind
        and e.extent::text = s.extent
        and e.effective_on = s.effective_on
        and e.superseded_rev is null
    )`;

const successorNotValidSql = `-- successors that are not valid on the day
  ${insertProblemsByCauseSql('d.successor_rejected')} 'to_resh_id', s.to_resh_id,
    'is not valid on ' || s.effective_on,
    'add the unit to units.csv, or name a unit that is valid on the day'
  from desired_succession d
  join import_succession s on s.line = d.line
  where not d.has_successor`;

const sourceStaysSql = `-- units that become others wholly, and yet stay
  ${insertProblemsByCauseSql('d.source_retained')} 'from_resh_id', s.from_resh_id,
    'becomes another unit wholly, but is still valid on ' || s.effective_on,
    'remove the unit from units.csv, or give PARTIAL for a part of it'
  from desired_succession d
  join import_succession s on s.line = d.line
  where d.source_stays
    and s.extent = 'FULL'`;

function insertProblemsByCauseSql(isDependent: string): string {
  return `insert into import_problem (kind, file, line, column_name, value, problem, remedy)
  select case when ${isDependent} then 'DEPENDENT' else 'PROBLEM' end, '${file}', s.line,`;
}
