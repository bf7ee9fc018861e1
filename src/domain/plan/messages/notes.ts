import type { Day } from '../../time/day.ts';
import type { CodeKey } from '../../unit/filter.ts';
import type { MappingNodeKey } from '../change-input.ts';
import { nodeLabel } from './mapping-nodes.ts';
import { formatCode } from './references.ts';
import { formatUnit, type NamedUnit } from './wording.ts';

// Notes in the impact of a change: effects that the input did not request, a sentence each.

export function siteLeft({ unit, organizationNumber }: { unit: NamedUnit; organizationNumber: string }): string {
  return `Unit ${formatUnit(unit)} leaves treatment site ${organizationNumber}.`;
}

export function codesEnd({ unit, codes }: { unit: NamedUnit; codes: readonly CodeKey[] }): string {
  return `Codes of unit ${formatUnit(unit)} end: ${codes.map(formatCode).join(', ')}.`;
}

export function closesInstead({ unit, planned, day }: { unit: NamedUnit; planned: Day; day: Day }): string {
  return `Unit ${formatUnit(unit)} was planned to close on ${planned}; it closes on ${day} instead.`;
}

export function reopeningDropped({ unit, planned }: { unit: NamedUnit; planned: Day }): string {
  return `The reopening of unit ${formatUnit(unit)} planned for ${planned} is dropped.`;
}

/** @param facts that were planned, each with its value; null if it was planned to be cleared */
export function factsDropped({
  unit,
  planned,
  facts,
}: {
  unit: NamedUnit;
  planned: Day;
  facts: readonly { readonly field: string; readonly value: string | null }[];
}): string {
  const listed = facts.map(({ field, value }) => (value === null ? `no ${field}` : `${field} "${value}"`));
  return `The change of unit ${formatUnit(unit)} planned for ${planned} is dropped: ${listed.join(', ')}.`;
}

export function plannedVersionDropped({ unit, planned }: { unit: NamedUnit; planned: Day }): string {
  return `The change of unit ${formatUnit(unit)} planned for ${planned} is dropped.`;
}

export function plannedClosingDropped({ unit, planned }: { unit: NamedUnit; planned: Day }): string {
  return `The closing of unit ${formatUnit(unit)} planned for ${planned} is dropped.`;
}

export function plannedNumberDropped({
  unit,
  organizationNumber,
}: {
  unit: NamedUnit;
  organizationNumber: string;
}): string {
  return `Organization number ${organizationNumber} planned for unit ${formatUnit(unit)} is dropped.`;
}

export function codeNotRestored({ unit, code, day }: { unit: NamedUnit; code: CodeKey; day: Day }): string {
  return (
    `Unit ${formatUnit(unit)} does not get code ${formatCode(code)} back on ${day}: ` +
    'the code cannot be assigned on that day.'
  );
}

export function successionDropped({ unit, toReshId, day }: { unit: NamedUnit; toReshId: number; day: Day }): string {
  return `Unit ${formatUnit(unit)} no longer becomes unit ${toReshId} on ${day}.`;
}

export function accessEndsWithUnit({ unit, day }: { unit: NamedUnit; day: Day }): string {
  return `Access to unit ${formatUnit(unit)} ends on ${day}, the day the unit closes.`;
}

export function nodeBegins({ node, day }: { node: MappingNodeKey; day: Day }): string {
  return `Node ${nodeLabel(node)} begins on ${day}; no unit changes.`;
}

export function nodeEnds({ node, day }: { node: MappingNodeKey; day: Day }): string {
  return `Node ${nodeLabel(node)} ends on ${day}; no unit changes.`;
}

/** @param omitted number of notes beyond those listed */
export function moreNotes({ omitted }: { omitted: number }): string {
  return `... and ${omitted} more.`;
}
