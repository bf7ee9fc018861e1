import type { Succession } from '../../../src/domain/unit/succession.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { recordTimelineChanges } from '../model/timeline-changes.ts';
import { recordSuccessions } from '../world/successions.ts';

/** Units of the reorganized register, by name. */
export const reorganizedUnits = {
  region: 1,
  north: 10,
  south: 20,
  medicine: 101,
  surgery: 102,
  both: 103,
  dayWard: 104,
  nightWard: 105,
  joined: 106,
  keeper: 110,
  part: 111,
  replaced: 120,
  replacement: 121,
  mover: 130,
  gone: 140,
  planned: 150,
  mistake: 160,
  there: 170,
  back: 171,
  paused: 180,
} as const;
const u = reorganizedUnits;

/**
 * Fills a register with two trusts and departments. Medicine and surgery merge in 2010; the result splits in 2015, and
 * the parts merge again in 2020. One department gives a part away in 2012 and stays open. One is replaced in 2016,
 * known only from revision 5 on. One moves from north to south in 2014 and is renamed in 2018. Two become each other in
 * turn. One is closed for two years.
 */
export async function buildReorganizedRegister(database: Database): Promise<void> {
  const state = await recordTimelineChanges(database, [
    {
      [u.region]: [{ from: '2002-01-01', under: null, type: 'ORGANIZATION', name: 'Region' }],
      [u.north]: [{ from: '2002-01-01', under: u.region, type: 'ORGANIZATION', name: 'North' }],
      [u.south]: [{ from: '2002-01-01', under: u.region, type: 'ORGANIZATION', name: 'South' }],
      [u.medicine]: [{ from: '2002-01-01', to: '2010-01-01', under: u.north, name: 'Medicine' }],
      [u.surgery]: [{ from: '2002-01-01', to: '2010-01-01', under: u.north, name: 'Surgery' }],
      [u.both]: [{ from: '2010-01-01', to: '2015-01-01', under: u.north, name: 'Both' }],
      [u.dayWard]: [{ from: '2015-01-01', to: '2020-01-01', under: u.north, name: 'Day ward' }],
      [u.nightWard]: [{ from: '2015-01-01', to: '2020-01-01', under: u.north, name: 'Night ward' }],
      [u.joined]: [{ from: '2020-01-01', under: u.north, name: 'Joined' }],
      [u.keeper]: [{ from: '2002-01-01', under: u.north, name: 'Keeper' }],
      [u.part]: [{ from: '2012-01-01', under: u.north, name: 'Part' }],
      [u.replaced]: [{ from: '2002-01-01', to: '2016-01-01', under: u.south, name: 'Replaced' }],
      [u.replacement]: [{ from: '2016-01-01', under: u.south, name: 'Replacement' }],
      [u.mover]: [
        { from: '2002-01-01', to: '2014-01-01', under: u.north, name: 'Mover' },
        { from: '2014-01-01', to: '2018-01-01', under: u.south, name: 'Mover' },
        { from: '2018-01-01', under: u.south, name: 'Moved' },
      ],
      [u.gone]: [{ from: '2002-01-01', to: '2013-01-01', under: u.south, name: 'Gone' }],
      [u.planned]: [{ from: '2028-01-01', under: u.south, name: 'Planned' }],
      [u.mistake]: [{ from: '2020-01-01', under: u.south, name: 'Mistake' }],
      [u.there]: [
        { from: '2002-01-01', to: '2011-01-01', under: u.south, name: 'There' },
        { from: '2013-01-01', under: u.south, name: 'There' },
      ],
      [u.back]: [{ from: '2011-01-01', to: '2013-01-01', under: u.south, name: 'Back' }],
      [u.paused]: [
        { from: '2002-01-01', to: '2018-01-01', under: u.south, name: 'Paused' },
        { from: '2020-01-01', under: u.south, name: 'Paused' },
      ],
    },
  ]);
  await recordSuccessions(database, [
    buildSuccession(u.medicine, u.both, '2010-01-01', 'MERGE'),
    buildSuccession(u.surgery, u.both, '2010-01-01', 'MERGE'),
    buildSuccession(u.both, u.dayWard, '2015-01-01', 'SPLIT', 'PARTIAL'),
    buildSuccession(u.both, u.nightWard, '2015-01-01', 'SPLIT', 'PARTIAL'),
    buildSuccession(u.dayWard, u.joined, '2020-01-01', 'MERGE'),
    buildSuccession(u.nightWard, u.joined, '2020-01-01', 'MERGE'),
  ]);
  await recordSuccessions(database, [
    buildSuccession(u.keeper, u.part, '2012-01-01', 'SPLIT', 'PARTIAL'),
    buildSuccession(u.there, u.back, '2011-01-01', 'REPLACEMENT'),
    buildSuccession(u.back, u.there, '2013-01-01', 'REPLACEMENT'),
  ]);
  await recordTimelineChanges(database, [{ [u.mistake]: [] }], state);
  await recordSuccessions(database, [buildSuccession(u.replaced, u.replacement, '2016-01-01', 'REPLACEMENT')]);
}

function buildSuccession(
  fromReshId: number,
  toReshId: number,
  effectiveOn: string,
  kind: Succession['kind'],
  extent: Succession['extent'] = 'FULL',
): Succession {
  return { fromReshId, toReshId, effectiveOn, kind, extent };
}
