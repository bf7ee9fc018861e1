import { addDays, type Day } from '../time/day.ts';
import { CONTRACT_SPECIALIST_DESIGNATION } from './code-sets.ts';
import type { LookupOutcome } from './lookup.ts';
import type { UnitType } from './unit-type.ts';
import { unitLabel, type UnitName } from './unit-label.ts';

/** Codes of warnings about reported activity, in the order in which the API lists them. */
export const placementWarningCodes = [
  'UNKNOWN_ID',
  'NOT_YET_VALID',
  'UNIT_CLOSED',
  'REPLACED',
  'REPORTED_ON_ORGANIZATION',
  'NO_TREATMENT_SITE',
  'SITE_FROM_ANCESTOR',
  'SITE_IS_ENTERPRISE_NUMBER',
] as const;
export type PlacementWarningCode = (typeof placementWarningCodes)[number];

/** A unit on the path of the reported unit, the reported unit included. */
export interface PathUnit {
  readonly reshId: number;
  readonly name: string;
  readonly type: UnitType;
  readonly designationCode: string | null;
  readonly organizationNumber: string | null;
  readonly treatmentSiteNumber: string | null;
}

/** What the register knows about a reported RESH-id. */
export interface ReportedPlacement {
  readonly reshId: number;
  readonly date: Day;
  readonly outcome: LookupOutcome;
  /** Day on which the unit is shown: its last day if it has closed, its first day if it has not begun */
  readonly seenOn: Day | null;
  /** Units on the path on that day, from the root to the unit itself; empty if there is no unit to show */
  readonly path: readonly PathUnit[];
  /** Similar RESH-ids that exist, the most likely first */
  readonly didYouMean: readonly number[];
  /** Units that a closed unit became by the day */
  readonly replacedBy: readonly UnitName[];
}

/** A warning; the message names the values and the remedy. */
export interface PlacementWarning {
  readonly code: PlacementWarningCode;
  readonly message: string;
}

/** Returns the warnings about activity reported on an id and day, in the order of {@link placementWarningCodes}. */
export function findPlacementWarnings(reported: ReportedPlacement): PlacementWarning[] {
  const unit = reported.path.at(-1);
  if (!unit || reported.seenOn === null) return warnAboutId(reported);
  return [
    ...warnAboutDay(reported, unit),
    ...warnAboutType(unit),
    ...warnAboutSite(reported.path, unit, reported.seenOn),
  ];
}

function warnAboutId({ reshId, outcome, didYouMean }: ReportedPlacement): PlacementWarning[] {
  if (outcome !== 'UNKNOWN' && outcome !== 'WITHDRAWN') return [];
  const what = outcome === 'UNKNOWN' ? 'was never assigned' : 'was registered in error and withdrawn';
  return [{ code: 'UNKNOWN_ID', message: `RESH-id ${reshId} ${what}. ${suggestIds(didYouMean)}` }];
}

function suggestIds(similarIds: readonly number[]): string {
  if (similarIds.length === 0) return 'The register has no similar id; ask the sender.';
  const phrase = similarIds.length === 1 ? 'A similar id is' : 'Similar ids are';
  return `${phrase} ${similarIds.join(', ')}; check which unit was meant, and report on it.`;
}

function warnAboutDay({ date, outcome, seenOn, replacedBy }: ReportedPlacement, unit: PathUnit): PlacementWarning[] {
  if (seenOn === null) return [];
  if (outcome === 'NOT_YET_VALID')
    return [
      {
        code: 'NOT_YET_VALID',
        message:
          `Unit ${unitLabel(unit)} begins on ${seenOn}, after ${date}. ` +
          'Check the day, or report on a unit that is valid then.',
      },
    ];
  if (outcome !== 'CLOSED') return [];
  const closed: PlacementWarning = {
    code: 'UNIT_CLOSED',
    message:
      `Unit ${unitLabel(unit)} closed on ${addDays(seenOn, 1)} and is not valid on ${date}. ` +
      'Check the day, or report on a unit that is valid then.',
  };
  if (replacedBy.length === 0) return [closed];
  const successors = replacedBy.map(unitLabel).join(', ');
  const target = replacedBy.length === 1 ? 'it' : 'the one that treated the patient';
  return [
    closed,
    {
      code: 'REPLACED',
      message:
        `By ${date}, unit ${unitLabel(unit)} had become ${successors}. ` +
        `Report on ${target}, or on a unit under it.`,
    },
  ];
}

// A contract specialist is an organization that treats patients itself, so there is no unit under it to report on.
function warnAboutType(unit: PathUnit): PlacementWarning[] {
  return unit.type !== 'ORGANIZATION' || unit.designationCode === CONTRACT_SPECIALIST_DESIGNATION
    ? []
    : [
        {
          code: 'REPORTED_ON_ORGANIZATION',
          message: `Unit ${unitLabel(unit)} is an organization. Report on the unit under it that treated the patient.`,
        },
      ];
}

function warnAboutSite(path: readonly PathUnit[], unit: PathUnit, seenOn: Day): PlacementWarning[] {
  const site = findSiteOnPath(path);
  if (!site)
    return [
      {
        code: 'NO_TREATMENT_SITE',
        message:
          `Unit ${unitLabel(unit)} has no treatment site on ${seenOn}, nor has any unit above it. ` +
          'Connect it to the establishment where it treats patients.',
      },
    ];
  const { number, holder } = site;
  const enterprise = path.findLast(
    ({ type, organizationNumber }) => type === 'ORGANIZATION' && organizationNumber === number,
  );
  return [
    ...(holder === unit
      ? []
      : [
          {
            code: 'SITE_FROM_ANCESTOR' as const,
            message:
              `Unit ${unitLabel(unit)} has no treatment site of its own on ${seenOn}; ` +
              `it uses ${number} of unit ${unitLabel(holder)} above it. If it has its own, connect it to that site.`,
          },
        ]),
    ...(enterprise
      ? [
          {
            code: 'SITE_IS_ENTERPRISE_NUMBER' as const,
            message:
              `Treatment site ${number} of unit ${unitLabel(holder)} is the organization number of ` +
              `unit ${unitLabel(enterprise)}. Connect the unit to the establishment where it treats patients.`,
          },
        ]
      : []),
  ];
}

/** Returns the treatment site of a unit, its own or that of the nearest unit above, with the unit that has it. */
export function findSiteOnPath<Placed extends PathUnit>(
  path: readonly Placed[],
): { readonly number: string; readonly holder: Placed } | undefined {
  const holder = path.findLast(({ treatmentSiteNumber }) => treatmentSiteNumber !== null);
  return holder && holder.treatmentSiteNumber !== null ? { number: holder.treatmentSiteNumber, holder } : undefined;
}
