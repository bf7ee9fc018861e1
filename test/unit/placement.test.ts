import { describe, expect, it } from 'vitest';
import { findPlacementWarnings } from '../../src/domain/plan/messages/placement-warnings.ts';
import { findSiteOnPath, type PathUnit, type ReportedPlacement } from '../../src/domain/unit/placement.ts';

function buildUnit(reshId: number, name: string, rest: Partial<PathUnit> = {}): PathUnit {
  return {
    reshId,
    name,
    type: 'DEPARTMENT',
    designationCode: null,
    organizationNumber: null,
    treatmentSiteNumber: null,
    ...rest,
  };
}

const region = buildUnit(1, 'Region', { type: 'ORGANIZATION' });
const trust = buildUnit(10, 'Trust', { type: 'ORGANIZATION', organizationNumber: '983974880' });
const clinic = buildUnit(100, 'Clinic', { treatmentSiteNumber: '974747138' });
const ward = buildUnit(1000, 'Ward');
const site = { treatmentSiteNumber: '974557746' };

function buildReportedOn(path: readonly PathUnit[], rest: Partial<ReportedPlacement> = {}): ReportedPlacement {
  return {
    reshId: path.at(-1)?.reshId ?? 1_085_970,
    date: '2020-01-01',
    outcome: 'FOUND',
    seenOn: path.length > 0 ? '2020-01-01' : null,
    path,
    didYouMean: [],
    replacedBy: [],
    ...rest,
  };
}

function listWarningCodes(path: readonly PathUnit[], rest?: Partial<ReportedPlacement>) {
  return findPlacementWarnings(buildReportedOn(path, rest)).map(({ code, message }) => [code, message]);
}

describe('placement warnings', () => {
  it('are empty for a unit with its own site', () => {
    expect(listWarningCodes([region, trust, clinic, { ...ward, ...site }])).toEqual([]);
  });

  it('name the owner of the site for a unit without one', () => {
    expect(listWarningCodes([region, trust, clinic, ward])).toEqual([
      [
        'SITE_FROM_ANCESTOR',
        'Unit 1000 "Ward" has no treatment site of its own on 2020-01-01; ' +
          'it uses 974747138 of unit 100 "Clinic" above it. If it has its own, connect it to that site.',
      ],
    ]);
  });

  it('use the nearest site above', () => {
    const siteUnit = buildUnit(500, 'Section', site);

    expect(findSiteOnPath([region, trust, clinic, siteUnit, ward])).toEqual({ number: '974557746', holder: siteUnit });
    expect(findSiteOnPath([region, trust, ward])).toBeUndefined();
  });

  it('report a path without any site', () => {
    expect(listWarningCodes([region, trust, ward])).toEqual([
      [
        'NO_TREATMENT_SITE',
        'Unit 1000 "Ward" has no treatment site on 2020-01-01, nor has any unit above it. ' +
          'Connect it to the establishment where it treats patients.',
      ],
    ]);
  });

  it('report a site with the number of the trust, inherited or not', () => {
    const wrong = { ...clinic, treatmentSiteNumber: '983974880' };
    const message =
      'Treatment site 983974880 of unit 100 "Clinic" is the organization number of unit 10 "Trust". ' +
      'Connect the unit to the establishment where it treats patients.';

    expect(listWarningCodes([region, trust, wrong])).toEqual([['SITE_IS_ENTERPRISE_NUMBER', message]]);
    expect(listWarningCodes([region, trust, wrong, ward])).toEqual([
      ['SITE_FROM_ANCESTOR', expect.stringContaining('983974880')],
      ['SITE_IS_ENTERPRISE_NUMBER', message],
    ]);
  });

  it('recommend reporting below the organization, except for contract specialists', () => {
    const specialist = buildUnit(20, 'Specialist', { type: 'ORGANIZATION', designationCode: '61', ...site });

    expect(listWarningCodes([region, { ...trust, ...site }])).toEqual([
      [
        'REPORTED_ON_ORGANIZATION',
        'Unit 10 "Trust" is an organization. Report on the unit under it that treated the patient.',
      ],
    ]);
    expect(listWarningCodes([region, specialist])).toEqual([]);
  });

  it('name the closing day and the successor', () => {
    const closedLookup = { outcome: 'CLOSED', seenOn: '2008-12-31' } as const;
    const closedMessage =
      'Unit 100 "Clinic" closed on 2009-01-01 and is not valid on 2020-01-01. ' +
      'Check the day, or report on a unit that is valid then.';

    expect(listWarningCodes([trust, clinic], closedLookup)).toEqual([['UNIT_CLOSED', closedMessage]]);
    expect(listWarningCodes([trust, clinic], { ...closedLookup, replacedBy: [ward] })).toEqual([
      ['UNIT_CLOSED', closedMessage],
      ['REPLACED', 'By 2020-01-01, unit 100 "Clinic" had become 1000 "Ward". Report on it, or on a unit under it.'],
    ]);
    expect(listWarningCodes([trust, clinic], { ...closedLookup, replacedBy: [ward, trust] })[1]?.[1]).toContain(
      '1000 "Ward", 10 "Trust". Report on the one that treated the patient',
    );
  });

  it('name the first day of a future unit', () => {
    expect(listWarningCodes([trust, clinic], { outcome: 'NOT_YET_VALID', seenOn: '2028-01-01' })).toEqual([
      [
        'NOT_YET_VALID',
        'Unit 100 "Clinic" begins on 2028-01-01, after 2020-01-01. ' +
          'Check the day, or report on a unit that is valid then.',
      ],
    ]);
  });

  it('suggest similar ids for an unknown or withdrawn id', () => {
    expect(listWarningCodes([], { outcome: 'UNKNOWN', didYouMean: [108_597, 185_970] })).toEqual([
      [
        'UNKNOWN_ID',
        'RESH-id 1085970 was never assigned. Similar ids are 108597, 185970; ' +
          'check which unit was meant, and report on it.',
      ],
    ]);
    expect(listWarningCodes([], { outcome: 'WITHDRAWN' })).toEqual([
      [
        'UNKNOWN_ID',
        'RESH-id 1085970 was registered in error and withdrawn. The register has no similar id; ask the sender.',
      ],
    ]);
  });
});
