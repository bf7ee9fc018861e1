import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { SnapshotUnit } from '../../src/store/snapshot/snapshot-unit.ts';
import { UnitBlock, wholeBlock } from '../../src/store/snapshot/unit-block.ts';
import { noDetails } from '../../src/store/snapshot/unit-details.ts';
import { UnitList, type UnitListChange } from '../../src/store/snapshot/unit-list.ts';
import { UnitValues } from '../../src/store/snapshot/unit-values.ts';
import { propertyOptions } from '../support/model/property-options.ts';

// The database does not store NUL in texts.
const text = fc.string({ unit: 'binary' }).filter((value) => !value.includes('\0'));
const optionalText = fc.option(text);
const reshId = fc.integer({ min: 1, max: 2_147_483_647 });
const period = fc.record({
  from: fc.constantFrom('2001-01-01', '2010-06-30'),
  to: fc.constantFrom(null, '2030-01-01'),
});

const unitFacts = fc.record({
  reshId,
  parentReshId: fc.option(reshId),
  type: fc.constantFrom('ORGANIZATION', 'DEPARTMENT'),
  name: text,
  shortName: optionalText,
  designationCode: optionalText,
  designationText: optionalText,
  organizationNumber: optionalText,
  treatmentSiteNumber: optionalText,
  responsiblePerson: optionalText,
  nameSortKey: text,
  validity: period,
  placed: period,
  details: fc.oneof(
    fc.constant(noDetails),
    fc.record({
      identifiers: fc.constant([]),
      names: fc.array(fc.record({ reshId, language: text, name: text })),
      addresses: fc.constant([]),
      contactPoints: fc.constant([]),
    }),
  ),
}) satisfies fc.Arbitrary<Omit<SnapshotUnit, 'codes'>>;

interface Code {
  readonly code: string;
  readonly attributes: string[];
  readonly from: string;
  readonly to: string | null;
}

const code: fc.Arbitrary<Code> = fc.record({
  code: fc.constantFrom('S01', 'S02'),
  attributes: fc.subarray(['day', 'night']),
  from: fc.constantFrom('2001-01-01', '2010-06-30'),
  to: fc.constantFrom(null, '2030-01-01'),
});

type UnitChoice = [Omit<SnapshotUnit, 'codes'>, readonly Code[]];
const unitChoices = fc.array(fc.tuple(unitFacts, fc.array(code, { maxLength: 2 })), { maxLength: 4 });
const changeChoices = fc.array(fc.tuple(fc.nat(), unitChoices, fc.nat({ max: 3 })), { maxLength: 4 });

function createUnits(choices: readonly UnitChoice[], values: UnitValues): SnapshotUnit[] {
  return choices.map(([facts, codes]) => ({ ...facts, codes: codes.map((each) => createCode(each, values)) }));
}

function createCode({ code, ...unitCode }: Code, values: UnitValues) {
  const row = {
    codeSet: 8451,
    code,
    name: `Code ${code}`,
    setName: 'Codes',
    setOid: '1.2',
    parentCode: null,
    retired: false,
    replacedBy: [],
    codeValidFrom: null,
    codeValidTo: null,
  };
  return values.shareCode(row, unitCode);
}

const names = [
  'reshId',
  'parentReshId',
  'type',
  'name',
  'shortName',
  'designationCode',
  'designationText',
  'organizationNumber',
  'treatmentSiteNumber',
  'responsiblePerson',
  'nameSortKey',
  'codes',
  'validity',
  'placed',
  'details',
] as const satisfies (keyof SnapshotUnit)[];

function copy(unit: SnapshotUnit): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, unit[name]]));
}

it('a list of units has the units that it was made of, after many changes too', () => {
  fc.assert(
    fc.property(unitChoices, fc.nat({ max: 600 }), fc.array(changeChoices, { maxLength: 8 }), (some, count, turns) => {
      const values = new UnitValues();
      const create = (choices: readonly UnitChoice[]) => createUnits(choices, values);
      const first = some.length > 0 ? Array.from({ length: count }, (_each, index) => some[index % some.length]) : [];
      const expected = create(first as UnitChoice[]);
      let list = new UnitList(values, [wholeBlock(UnitBlock.create(expected, values))]);
      for (const choices of turns) {
        const changes: UnitListChange[] = [];
        let next = 0;
        let shift = 0;
        for (const [place, inserted, removed] of choices) {
          const length = list.length - next;
          const position = next + (place % (length + 1));
          const units = create(inserted);
          const removedCount = Math.min(removed, list.length - position);
          changes.push({ position, inserted: [wholeBlock(UnitBlock.create(units, values))], removedCount });
          expected.splice(position + shift, removedCount, ...units);
          shift += units.length - removedCount;
          next = position + removedCount;
        }
        const before = [...list].map(copy);
        const changed = list.change(changes);

        expect([...list].map(copy)).toEqual(before);
        expect([...changed].map(copy)).toEqual(expected.map(copy));
        expect(Array.from({ length: changed.length }, (_each, place) => copy(changed.at(place)))).toEqual(
          expected.map(copy),
        );
        list = changed;
      }
    }),
    propertyOptions(40),
  );
});

it('a list of units keeps blocks of a few hundred units through thousands of small changes', () => {
  const values = new UnitValues();
  const [unit] = fc.sample(unitFacts, { numRuns: 1, seed: 1 });
  if (!unit) throw new Error('There is no unit.');
  const block = UnitBlock.create(
    Array.from({ length: 5_000 }, () => ({ ...unit, codes: [] })),
    values,
  );
  let list = new UnitList(values, [wholeBlock(block)]);

  for (let turn = 0; turn < 3_000; turn += 1) {
    const inserted = [wholeBlock(UnitBlock.create([{ ...unit, reshId: turn + 1, codes: [] }], values))];
    list = list.change([{ position: (turn * 1_009) % list.length, inserted, removedCount: turn % 3 === 0 ? 0 : 1 }]);
  }

  expect(list.length).toBe(6_000);
  expect(list.blockCount).toBeLessThan(80);
});

it('the values of units say when most of them were added after all units had been read', () => {
  const values = new UnitValues();
  for (let number = 0; number < 5_000; number += 1) values.addText(`Read ${number}`);
  values.noteAllRead();
  for (let number = 0; number < 15_000; number += 1) values.addText(`Changed ${number}`);
  expect(values.hasGrown).toBe(false);

  values.addText('One more');

  expect(values.hasGrown).toBe(true);
});
