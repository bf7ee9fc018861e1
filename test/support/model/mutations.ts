import type { MutationDraw } from './mutation-draws.ts';
import { resolveDraw, type KnownUnit, type MutationBuilders, type NamedMutation } from './mutation-parts.ts';
import { referenceMutations } from './reference-mutations.ts';
import { unitMutations } from './unit-mutations.ts';

/** A mutation of the tests' world, and the subject who sends it. */
export type MutationRequest = { readonly subject: string } & NamedMutation;

const builders: MutationBuilders = { ...unitMutations, ...referenceMutations };

/**
 * Builds the mutation that a draw describes.
 *
 * @param knownUnits units to choose from, some of them perhaps closed; one choice in forty is an unknown unit
 */
export function buildMutation(draw: MutationDraw, knownUnits: readonly KnownUnit[]): MutationRequest {
  return { subject: draw.subject, ...builders[draw.name](resolveDraw(draw, knownUnits)) };
}
