import { expect, it } from 'vitest';
import type { ChangeInputs, MutationName } from '../../src/domain/plan/change-input.ts';
import type { ChangeAnswer, ChangePayload } from './changes.ts';
import { freshNumber, made, refusals, revisionOf, type ChangingWorld } from './changing-world.ts';
import { units } from './world.ts';

/** A mutation, and inputs of it that are in order. */
interface Lawful<Name extends MutationName> {
  readonly world: () => ChangingWorld;
  readonly name: Name;
  /** An input that was never sent; what it names stands beneath an organization */
  readonly fresh: (beneath: number) => Promise<ChangeInputs[Name]>;
  /** The same with something else asked for */
  readonly altered: (input: ChangeInputs[Name]) => ChangeInputs[Name];
  /** Unit that the input names; absent where it names none */
  readonly named?: (input: ChangeInputs[Name]) => number;
  /** Whether what it names is a root, and so has no path that could change */
  readonly isRoot?: boolean;
}

const isOpened = ({ impact }: ChangePayload): boolean =>
  impact?.units.some(({ kinds }) => kinds.includes('OPENED')) ?? false;

/** What holds of every mutation: dry runs, keys, expected revisions, and who may not. */
export const keepsTheLawsOfChanges = <Name extends MutationName>(law: Lawful<Name>): void => {
  const { name, fresh, altered, named } = law;
  let keys = 0;
  const freshKey = (): string => `${name} ${(keys += 1)}`;
  const send = (input: ChangeInputs[Name], as: 'operator' | 'clinic' = 'operator'): Promise<ChangeAnswer> =>
    law.world().as(as)[name](input);
  const place = (): Promise<number> => law.world().organization('Place', units.north, freshNumber());

  it('saves nothing on a dry run, and foretells the impact of the real one', async () => {
    const input = await fresh(await place());
    const before = await law.world().newest();

    const foretold = made(await send({ ...input, dryRun: true }));
    expect(foretold.change).toBeNull();
    const { unit, treatmentSite, mappingNode, administrator } = foretold;
    expect([unit, treatmentSite, mappingNode, administrator].filter((shown) => shown)).toEqual([]);
    expect(await law.world().newest()).toBe(before);

    const real = made(await send(input));
    expect(real.change?.revision).toBe(before + 1);
    expect({ impact: foretold.impact, warnings: foretold.warnings }).toEqual({
      // A unit that the dry run would open cannot be shown with the grants on it: it is not there.
      impact: real.impact && {
        ...real.impact,
        grantsGained: real.impact.grantsGained.map((grant) => ({
          ...grant,
          unit: isOpened(real) && grant.unit?.reshId === real.unit?.reshId ? null : grant.unit,
        })),
      },
      warnings: real.warnings,
    });
  });

  it('answers as at first when the same is sent again with its key, and refuses another input with it', async () => {
    const idempotencyKey = freshKey();
    const input = { ...(await fresh(await place())), idempotencyKey };
    const first = await send(input);
    const revision = revisionOf(first);

    expect(await send(input)).toEqual(first);
    expect(await send({ reason: null, effectiveOn: null, expectedRevision: null, dryRun: false, ...input })).toEqual(
      first,
    );
    expect(refusals(await send({ ...altered(input), idempotencyKey }))).toEqual([
      {
        code: 'IDEMPOTENCY_KEY_REUSED',
        field: ['idempotencyKey'],
        message: `The key «${idempotencyKey}» was used for another input, in revision ${revision}; use a new key for each change.`,
      },
    ]);
    expect(await law.world().newest()).toBe(revision);
  });

  it('makes one change where two are sent at once with one key', async () => {
    const input = { ...(await fresh(await place())), idempotencyKey: freshKey() };
    const before = await law.world().newest();

    const [one, other] = await Promise.all([send(input), send(input)]);

    expect(one).toEqual(other);
    expect(revisionOf(one)).toBe(before + 1);
    expect(await law.world().newest()).toBe(before + 1);
  });

  if (named)
    it('is a conflict where the unit was changed since the revision that was expected', async () => {
      const input = await fresh(await place());
      const read = await law.world().newest();
      const reshId = named(input);
      revisionOf(await law.world().as('operator').updateUnit({ reshId, responsiblePerson: freshKey() }));

      expect(refusals(await send({ ...input, expectedRevision: read }))).toEqual([
        {
          code: 'CONFLICT',
          field: ['expectedRevision'],
          message: `Unit ${reshId} was changed in revision ${read + 1}, after the expected ${read}; the newest revision is ${read + 1}. Read it again, and decide anew.`,
        },
      ]);
      expect(refusals(await send({ ...input, expectedRevision: read + 2 }))).toEqual([
        {
          code: 'CONFLICT',
          field: ['expectedRevision'],
          message: `Revision ${read + 2} is expected, and the newest is ${read + 1}; read the unit again.`,
        },
      ]);
      expect(revisionOf(await send({ ...input, expectedRevision: read + 1 }))).toBe(read + 2);
    });

  if (named && !law.isRoot)
    it('is no conflict where only the path of the unit changed', async () => {
      const reshId = await place();
      const input = await fresh(reshId);
      const read = await law.world().newest();
      const moved = made(await law.world().as('operator').moveUnit({ reshId, newParentReshId: units.south }));
      expect(moved.impact?.pathCount).toBeGreaterThan(0);

      expect(revisionOf(await send({ ...input, expectedRevision: read }))).toBe(read + 2);
    });

  it('is for those who may, and changes nothing for others', async () => {
    const input = await fresh(await place());
    const before = await law.world().newest();

    const { payload, errors } = await send(input, 'clinic');

    expect(payload).toBeNull();
    expect(errors.map(({ path, extensions }) => [path, extensions?.['code']])).toEqual([[[name], 'FORBIDDEN']]);
    expect(await law.world().newest()).toBe(before);
  });
};
