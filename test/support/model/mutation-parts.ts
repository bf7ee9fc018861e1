import type { ChangeInputs, MutationName } from '../../../src/domain/plan/change-input.ts';
import { units } from '../world/world.ts';
import type { MutationDraw } from './mutation-draws.ts';

/** A unit that the register knows, with all units that are its children on some day. */
export interface KnownUnit {
  readonly reshId: number;
  readonly children: readonly number[];
}

/** A mutation with its input. */
export type NamedMutation<Name extends MutationName = MutationName> = {
  [Each in Name]: { readonly name: Each; readonly input: ChangeInputs[Each] };
}[Name];

/** Builds each mutation from the parts of a draw. */
export type MutationBuilders = { readonly [Name in MutationName]: (parts: MutationParts) => NamedMutation<Name> };

export type MutationParts = ReturnType<typeof resolveDraw>;

/**
 * Resolves a draw to units and to parts of inputs.
 *
 * @param knownUnits units to choose from, some of them perhaps closed; one choice in forty is an unknown unit
 */
export function resolveDraw(draw: MutationDraw, knownUnits: readonly KnownUnit[]) {
  const { day, end, isWide, text, otherText, number, grantee } = draw;
  const pick = (n: number): number =>
    n % 40 === 39 ? 9_999 : (knownUnits[n % knownUnits.length]?.reshId ?? units.north);
  const reshId = pick(draw.unit);
  const other = pick(draw.other);
  const third = pick(draw.unit + 3 * draw.other);
  const children = knownUnits.find((unit) => unit.reshId === reshId)?.children ?? [];
  const common = { effectiveOn: day, dryRun: draw.isDryRun };
  const codes = [{ codeSet: 8451, code: draw.code, attributes: includeIf(isWide, [{ codeSet: 8451, code: '020' }]) }];
  const unitName = text ?? 'Unit';
  const facts = {
    shortName: otherText,
    responsiblePerson: includeIf(isWide, otherText),
    internationalNames: includeIf(
      draw.other % 4 === 0,
      isWide ? [{ language: 'en', name: unitName }] : text === null ? null : [],
    ),
    addresses: includeIf(
      draw.other % 5 === 0,
      isWide ? [{ type: 'VISITING' as const, lines: [unitName], city: 'By' }] : [],
    ),
    contactPoints: includeIf(
      draw.other % 6 === 0,
      isWide
        ? [{ type: 'WEB' as const, value: `https://example.org/${draw.other}` }]
        : [{ type: 'EMAIL' as const, value: 'a@example.org' }],
    ),
  };
  const isNational = draw.other % 4 === 0;
  const grant = {
    subject: grantee,
    role: isNational ? ('OPERATOR' as const) : ('ADMINISTRATOR' as const),
    reshId: includeIf(!isNational, reshId),
  };
  const resolved = { reshId, other, third, children, common, codes, unitName, facts, grant };
  return { draw, day, end, isWide, text, number, grantee, ...resolved };
}

export function includeIf<Value>(isIncluded: boolean, value: Value): Value | undefined {
  return isIncluded ? value : undefined;
}
