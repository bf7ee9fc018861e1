import { expect, it } from 'vitest';
import type { ChangeInputs, MutationName } from '../../../src/domain/plan/change-input.ts';
import { expectAccepted, expectRevision, expectUserErrors } from './change-assertions.ts';
import type { ChangingWorld } from '../world/changing-world.ts';
import { nextOrganizationNumber } from '../world/organization-numbers.ts';
import type { ChangeResponse, ChangePayload } from './mutations.ts';
import { units } from '../world/world.ts';

/** A mutation, and inputs of it that are in order. */
interface MutationLaws<Name extends MutationName> {
  readonly world: ChangingWorld;
  readonly name: Name;
  /** An input that was never sent; what it names stands beneath an organization */
  readonly createInput: (parent: number) => Promise<ChangeInputs[Name]>;
  /** The same with something else asked for */
  readonly alterInput: (input: ChangeInputs[Name]) => ChangeInputs[Name];
  /** Unit that the input names; absent where it names none */
  readonly readReshId?: (input: ChangeInputs[Name]) => number;
  /** Whether what it names is a root, and so has no path that could change */
  readonly isRoot?: boolean;
}

/** What holds of every mutation: dry runs, keys, expected revisions, and who may not. */
export function testMutationLaws<Name extends MutationName>(laws: MutationLaws<Name>): void {
  const { name, createInput, alterInput, readReshId } = laws;
  let keys = 0;
  const nextKey = (): string => `${name} ${(keys += 1)}`;
  const send = (input: ChangeInputs[Name], as: 'operator' | 'clinic' = 'operator'): Promise<ChangeResponse> =>
    laws.world.as(as)[name](input);
  const createParent = (): Promise<number> => laws.world.organization('Place', units.north, nextOrganizationNumber());

  it('saves nothing on a dry run, and foretells the impact of the real one', async () => {
    const input = await createInput(await createParent());
    const before = await laws.world.readNewestRevision();

    const preview = expectAccepted(await send({ ...input, dryRun: true }));
    expect(preview.change).toBeNull();
    const { unit, treatmentSite, mappingNode, administrator } = preview;
    expect([unit, treatmentSite, mappingNode, administrator].filter((shown) => shown)).toEqual([]);
    expect(await laws.world.readNewestRevision()).toBe(before);

    const payloadOfCommit = expectAccepted(await send(input));
    expect(payloadOfCommit.change?.revision).toBe(before + 1);
    expect({ impact: preview.impact, warnings: preview.warnings }).toEqual({
      // A unit that the dry run would open cannot be shown with the grants on it: it is not there.
      impact: payloadOfCommit.impact && {
        ...payloadOfCommit.impact,
        grantsGained: payloadOfCommit.impact.grantsGained.map((grant) => ({
          ...grant,
          unit:
            hasOpenedUnit(payloadOfCommit) && grant.unit?.reshId === payloadOfCommit.unit?.reshId ? null : grant.unit,
        })),
      },
      warnings: payloadOfCommit.warnings,
    });
  });

  it('answers as at first when the same is sent again with its key, and refuses another input with it', async () => {
    const idempotencyKey = nextKey();
    const input = { ...(await createInput(await createParent())), idempotencyKey };
    const first = await send(input);
    const revision = expectRevision(first);

    expect(await send(input)).toEqual(first);
    expect(await send({ reason: null, effectiveOn: null, expectedRevision: null, dryRun: false, ...input })).toEqual(
      first,
    );
    expect(expectUserErrors(await send({ ...alterInput(input), idempotencyKey }))).toEqual([
      {
        code: 'IDEMPOTENCY_KEY_REUSED',
        field: ['idempotencyKey'],
        message: `The idempotency key "${idempotencyKey}" was already used with another input, in revision ${revision}; use a new key for each change.`,
      },
    ]);
    expect(await laws.world.readNewestRevision()).toBe(revision);
  });

  it('makes one change where two are sent at once with one key', async () => {
    const input = { ...(await createInput(await createParent())), idempotencyKey: nextKey() };
    const before = await laws.world.readNewestRevision();

    const [one, other] = await Promise.all([send(input), send(input)]);

    expect(one).toEqual(other);
    expect(expectRevision(one)).toBe(before + 1);
    expect(await laws.world.readNewestRevision()).toBe(before + 1);
  });

  if (readReshId)
    it('is a conflict where the unit was changed since the revision that was expected', async () => {
      const input = await createInput(await createParent());
      const readRevision = await laws.world.readNewestRevision();
      const reshId = readReshId(input);
      expectRevision(await laws.world.as('operator').updateUnit({ reshId, responsiblePerson: nextKey() }));

      expect(expectUserErrors(await send({ ...input, expectedRevision: readRevision }))).toEqual([
        {
          code: 'CONFLICT',
          field: ['expectedRevision'],
          message: `Unit ${reshId} was changed in revision ${readRevision + 1}, after the expected ${readRevision}; the newest revision is ${readRevision + 1}. Read it again before you decide.`,
        },
      ]);
      expect(expectUserErrors(await send({ ...input, expectedRevision: readRevision + 2 }))).toEqual([
        {
          code: 'CONFLICT',
          field: ['expectedRevision'],
          message: `Revision ${readRevision + 2} is expected, but the newest is ${readRevision + 1}; read the unit again.`,
        },
      ]);
      expect(expectRevision(await send({ ...input, expectedRevision: readRevision + 1 }))).toBe(readRevision + 2);
    });

  if (readReshId && !laws.isRoot)
    it('is no conflict where only the path of the unit changed', async () => {
      const reshId = await createParent();
      const input = await createInput(reshId);
      const readRevision = await laws.world.readNewestRevision();
      const moved = expectAccepted(await laws.world.as('operator').moveUnit({ reshId, newParentReshId: units.south }));
      expect(moved.impact?.pathCount).toBeGreaterThan(0);

      expect(expectRevision(await send({ ...input, expectedRevision: readRevision }))).toBe(readRevision + 2);
    });

  it('is for those who may, and changes nothing for others', async () => {
    const input = await createInput(await createParent());
    const before = await laws.world.readNewestRevision();

    const { payload, errors } = await send(input, 'clinic');

    expect(payload).toBeNull();
    expect(errors.map(({ path, extensions }) => [path, extensions?.['code']])).toEqual([[[name], 'FORBIDDEN']]);
    expect(await laws.world.readNewestRevision()).toBe(before);
  });
}

function hasOpenedUnit({ impact }: ChangePayload): boolean {
  return impact?.units.some(({ kinds }) => kinds.includes('OPENED')) ?? false;
}
