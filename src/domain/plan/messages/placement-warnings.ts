import { addDays, type Day } from '../../time/day.ts';
import { CONTRACT_SPECIALIST_DESIGNATION } from '../../unit/code-sets.ts';
import {
  findSiteOnPath,
  type PathUnit,
  type PlacementWarningCode,
  type ReportedPlacement,
} from '../../unit/placement.ts';
import type { UnitName } from '../../unit/unit-label.ts';
import { defineMessage, type Message, type MessageBuilder } from './message.ts';

// Warnings about activity that was reported on a RESH-id and day.

/** A warning; the message names the values and the remedy. */
export interface PlacementWarning extends Message {
  readonly code: PlacementWarningCode;
}

/** Returns the warnings about activity reported on an id and day, in the order of their codes. */
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
  return [unknownId({ reshId, isUnknown: outcome === 'UNKNOWN', count: didYouMean.length, similar: didYouMean })];
}

const unknownId = defineWarning<{ reshId: number; isUnknown: boolean; count: number; similar: readonly number[] }>(
  'UNKNOWN_ID',
  'RESH-id {reshId} {isUnknown, select, true {was never assigned} other {was registered in error and withdrawn}}. ' +
    '{count, plural, =0 {The register has no similar id; ask the sender.} ' +
    'one {A similar id is {similar}; check which unit was meant, and report on it.} ' +
    'other {Similar ids are {similar}; check which unit was meant, and report on it.}}',
  'RESH-id {reshId} {isUnknown, select, true {er aldri tildelt} ' +
    'other {ble registrert ved en feil og trukket tilbake}}. ' +
    '{count, plural, =0 {Registeret har ingen lignende id; spør avsenderen.} ' +
    'one {En lignende id er {similar}; kontroller hvilken enhet som var ment, og rapporter på den.} ' +
    'other {Lignende id-er er {similar}; kontroller hvilken enhet som var ment, og rapporter på den.}}',
);

function warnAboutDay({ date, outcome, seenOn, replacedBy }: ReportedPlacement, unit: PathUnit): PlacementWarning[] {
  if (seenOn === null) return [];
  if (outcome === 'NOT_YET_VALID') return [notYetValid({ unit, seenOn, date })];
  if (outcome !== 'CLOSED') return [];
  const closed = unitClosed({ unit, closedOn: addDays(seenOn, 1), date });
  if (replacedBy.length === 0) return [closed];
  return [closed, replaced({ date, unit, successors: replacedBy, count: replacedBy.length })];
}

const notYetValid = defineWarning<{ unit: UnitName; seenOn: Day; date: Day }>(
  'NOT_YET_VALID',
  'Unit {unit} begins on {seenOn, date}, after {date, date}. Check the day, or report on a unit that is valid then.',
  'Enhet {unit} er først gyldig fra og med {seenOn, date}, etter {date, date}. ' +
    'Kontroller datoen, eller rapporter på en enhet som er gyldig da.',
);

const unitClosed = defineWarning<{ unit: UnitName; closedOn: Day; date: Day }>(
  'UNIT_CLOSED',
  'Unit {unit} closed on {closedOn, date} and is not valid on {date, date}. ' +
    'Check the day, or report on a unit that is valid then.',
  'Enhet {unit} ble avsluttet {closedOn, date} og er ikke gyldig {date, date}. ' +
    'Kontroller datoen, eller rapporter på en enhet som er gyldig da.',
);

const replaced = defineWarning<{ date: Day; unit: UnitName; successors: readonly UnitName[]; count: number }>(
  'REPLACED',
  'By {date, date}, unit {unit} had become {successors}. Report on ' +
    '{count, plural, one {it} other {the one that treated the patient}}, or on a unit under it.',
  'Innen {date, date} var enhet {unit} blitt til {successors}. Rapporter på ' +
    '{count, plural, one {den} other {den som behandlet pasienten}}, eller på en enhet under den.',
);

// A contract specialist is an organization that treats patients itself, so there is no unit under it to report on.
function warnAboutType(unit: PathUnit): PlacementWarning[] {
  const isReportable = unit.type !== 'ORGANIZATION' || unit.designationCode === CONTRACT_SPECIALIST_DESIGNATION;
  return isReportable ? [] : [reportedOnOrganization({ unit })];
}

const reportedOnOrganization = defineWarning<{ unit: UnitName }>(
  'REPORTED_ON_ORGANIZATION',
  'Unit {unit} is an organization. Report on the unit under it that treated the patient.',
  'Enhet {unit} er en organisasjon. Rapporter på den enheten under den som behandlet pasienten.',
);

function warnAboutSite(path: readonly PathUnit[], unit: PathUnit, seenOn: Day): PlacementWarning[] {
  const found = findSiteOnPath(path);
  if (!found) return [noTreatmentSite({ unit, seenOn })];
  const { number: site, holder } = found;
  const enterprise = path.findLast(
    ({ type, organizationNumber }) => type === 'ORGANIZATION' && organizationNumber === site,
  );
  return [
    ...(holder === unit ? [] : [siteFromAncestor({ unit, seenOn, site, holder })]),
    ...(enterprise ? [siteIsEnterpriseNumber({ site, holder, enterprise })] : []),
  ];
}

const noTreatmentSite = defineWarning<{ unit: UnitName; seenOn: Day }>(
  'NO_TREATMENT_SITE',
  'Unit {unit} has no treatment site on {seenOn, date}, nor has any unit above it. ' +
    'Connect it to the establishment where it treats patients.',
  'Verken enhet {unit} eller noen enhet over den har et behandlingssted {seenOn, date}. ' +
    'Knytt den til virksomheten der den behandler pasienter.',
);

const siteFromAncestor = defineWarning<{ unit: UnitName; seenOn: Day; site: string; holder: UnitName }>(
  'SITE_FROM_ANCESTOR',
  'Unit {unit} has no treatment site of its own on {seenOn, date}; ' +
    'it uses {site} of unit {holder} above it. If it has its own, connect it to that site.',
  'Enhet {unit} har ikke eget behandlingssted {seenOn, date}; ' +
    'den bruker {site} fra enhet {holder} over den. Hvis den har et eget, knytt den til det.',
);

const siteIsEnterpriseNumber = defineWarning<{ site: string; holder: UnitName; enterprise: UnitName }>(
  'SITE_IS_ENTERPRISE_NUMBER',
  'Treatment site {site} of unit {holder} is the organization number of unit {enterprise}. ' +
    'Connect the unit to the establishment where it treats patients.',
  'Behandlingssted {site} for enhet {holder} er organisasjonsnummeret til enhet {enterprise}. ' +
    'Knytt enheten til virksomheten der den behandler pasienter.',
);

function defineWarning<Values extends object>(
  code: PlacementWarningCode,
  en: string,
  nb: string,
): MessageBuilder<Values, PlacementWarning> {
  return defineMessage<Values, { code: PlacementWarningCode }>({ en, nb }, { code });
}
