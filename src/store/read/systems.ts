import { z } from 'zod';
import type { Day } from '../../domain/time/day.ts';
import type { SqlClient } from '../database/sql-client.ts';
import { knownAt, validOn } from '../sql/temporal-conditions.ts';

const systemRows = z.array(z.object({ system: z.string(), count: z.number() }));
/** A system outside the register, and how many of its identifiers or nodes the register has. */
export type SystemRow = z.infer<typeof systemRows>[number];

/** The day and revision at which systems are listed. */
interface Point {
  readonly revision: number;
  readonly day: Day;
}

/** Lists the systems of identifiers in the order of their texts. One statement. */
export async function readIdentifierSystems(client: SqlClient, { revision, day }: Point): Promise<SystemRow[]> {
  const rows = await client.query(
    `-- systems of identifiers
     select i.system, count(*)::integer as count
     from unit_identifier i
     where ${knownAt('$1::integer', 'i')}
       and ${validOn('$2::date', 'i')}
     group by i.system
     order by i.system collate "C"`,
    [revision, day],
  );
  return systemRows.parse(rows);
}

/** Lists the systems with nodes in the order of their texts. One statement. */
export async function readMappingSystems(client: SqlClient, { revision, day }: Point): Promise<SystemRow[]> {
  const rows = await client.query(
    `-- systems with mapping nodes
     select m.system_id as system, count(*)::integer as count
     from mapping_node m
     where ${knownAt('$1::integer', 'm')}
       and ${validOn('$2::date', 'm')}
     group by m.system_id
     order by m.system_id collate "C"`,
    [revision, day],
  );
  return systemRows.parse(rows);
}
