import { afterAll, expect, it } from 'vitest';
import type { ChangeInputs, MutationName } from '../../../src/domain/plan/change-input.ts';
import { expectAccepted, expectRevision, formatUserErrors } from './change-assertions.ts';
import type { ChangingWorld } from '../world/changing-world.ts';
import { nextOrganizationNumber } from '../world/organization-numbers.ts';
import type { ChangeResponse, ChangePayload } from './mutations.ts';
import { units } from '../world/world.ts';

/** A mutation, with valid inputs. */
interface MutationLaws<Name extends MutationName> {
  readonly world: ChangingWorld;
  readonly name: Name;
  /** Returns a new valid input; what it names is under an organization */
  readonly createInput: (parent: number) => Promise<ChangeInputs[Name]>;
  /** Returns the input with a different request */
  readonly alterInput: (input: ChangeInputs[Name]) => ChangeInputs[Name];
  /** Returns the unit that the input names; absent if it names none */
  readonly readReshId?: (input: ChangeInputs[Name]) => number;
  /** Whether the input names a root, which has no path that could change */
  readonly isRoot?: boolean;
}

/**
 * Tests the laws of every mutation: dry runs, idempotency keys, expected revisions, and permissions. After all tests of
 * the block, the register must be valid.
 */
export function testMutationLaws<Name extends MutationName>(laws: MutationLaws<Name>): void {
  const { name, createInput, alterInput, readReshId } = laws;
  let keys = 0;
  const nextKey = (): string => `${name} ${(keys += 1)}`;
  const send = (input: ChangeInputs[Name], as: 'operator' | 'clinic' = 'operator'): Promise<ChangeResponse> =>
    laws.world.as(as)[name](input);
  const createParent = (): Promise<number> => laws.world.organization('Place', units.north, nextOrganizationNumber());

  afterAll(async () => expect(await laws.world.findViolations()).toEqual([]));

  it('writes nothing on a dry run and returns the impact of the real change', async () => {
    const input = await createInput(await createParent());
    const before = await laws.world.readNewestRevision();

    const preview = expectAccepted(await send({ ...input, dryRun: true }));
    expect(preview.change).toBeNull();

    const { unit, treatmentSite, mappingNode, administrator } = preview;
    expect([unit, treatmentSite, mappingNode, administrator].filter((shown) => shown)).toEqual([]);
    expect(await laws.world.readNewestRevision()).toBe(before);

    const payloadOfCommit = expectAccepted(await send(input));
    expect(payloadOfCommit.change?.revision).toBe(before + 1);
    expect(preview.impactUnits).toEqual(payloadOfCommit.impactUnits);
    expect({ impact: preview.impact, warnings: preview.warnings }).toEqual({
      // The dry run cannot show a unit that it would create, nor the grants on it.
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

  it('returns the first response again for the same key and input, and rejects another input', async () => {
    const idempotencyKey = nextKey();
    const input = { ...(await createInput(await createParent())), idempotencyKey };
    const first = await send(input);
    const revision = expectRevision(first);

    expect(await send(input)).toEqual(first);
    expect(await send({ reason: null, effectiveOn: null, expectedRevision: null, dryRun: false, ...input })).toEqual(
      first,
    );
    expect(formatUserErrors(await send({ ...alterInput(input), idempotencyKey }))).toEqual([
      'IDEMPOTENCY_KEY_REUSED at idempotencyKey: ' +
        `The idempotency key "${idempotencyKey}" was already used with another input, in revision ${revision}; ` +
        'use a new key for each change.',
    ]);
    expect(await laws.world.readNewestRevision()).toBe(revision);
  });

  it('makes one change when two concurrent requests have the same key', async () => {
    const input = { ...(await createInput(await createParent())), idempotencyKey: nextKey() };
    const before = await laws.world.readNewestRevision();

    const [one, other] = await Promise.all([send(input), send(input)]);

    expect(one).toEqual(other);
    expect(expectRevision(one)).toBe(before + 1);
    expect(await laws.world.readNewestRevision()).toBe(before + 1);
  });

  if (readReshId)
    it('is a conflict if the unit has changed since the expected revision', async () => {
      const input = await createInput(await createParent());
      const readRevision = await laws.world.readNewestRevision();
      const reshId = readReshId(input);
      expectRevision(await laws.world.as('operator').updateUnit({ reshId, responsiblePerson: nextKey() }));

      expect(formatUserErrors(await send({ ...input, expectedRevision: readRevision }))).toEqual([
        expect.stringMatching(
          `^CONFLICT at expectedRevision: Unit ${reshId} ".+" was changed in revision ${readRevision + 1}, after the ` +
            `expected ${readRevision}; the newest revision is ${readRevision + 1}\\. Read it again ` +
            `before you decide\\.$`,
        ),
      ]);
      expect(formatUserErrors(await send({ ...input, expectedRevision: readRevision + 2 }))).toEqual([
        `CONFLICT at expectedRevision: Revision ${readRevision + 2} is expected, but the newest is ` +
          `${readRevision + 1}; read the unit again.`,
      ]);
      expect(expectRevision(await send({ ...input, expectedRevision: readRevision + 1 }))).toBe(readRevision + 2);
    });

  if (readReshId && !laws.isRoot)
    it('is no conflict if only the path of the unit has changed', async () => {
      const reshId = await createParent();
      const input = await createInput(reshId);
      const readRevision = await laws.world.readNewestRevision();
      const moved = expectAccepted(await laws.world.as('operator').moveUnit({ reshId, newParentReshId: units.south }));

      expect(moved.impact?.pathCount).toBeGreaterThan(0);

      expect(expectRevision(await send({ ...input, expectedRevision: readRevision }))).toBe(readRevision + 2);
    });

  it('is denied without access, and then writes nothing', async () => {
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
