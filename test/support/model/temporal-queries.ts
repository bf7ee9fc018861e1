import type { Day } from '../../../src/domain/time/day.ts';
import type { Succession } from '../../../src/domain/unit/succession.ts';
import type { History } from './history.ts';
import { ParcelModel } from './parcels.ts';
import { RegisterModel } from './register-model.ts';
import { factsOn, emptyState, pathOn, type RegisterState } from './register-state.ts';
import { findDetails, retiredCode, type UnitDetail } from './unit-details.ts';

/** Expected responses to temporal queries at a revision, computed the slow and simple way. */
export class TemporalQueryModel {
  private readonly state: RegisterState;
  private readonly register: RegisterModel;
  private readonly successions: readonly Succession[];
  private readonly parcels: ParcelModel;

  constructor(
    { revisions }: Pick<History, 'revisions'>,
    private readonly belongings: readonly UnitDetail[],
    private readonly revision: number,
  ) {
    this.state = revisions[revision] ?? emptyState;
    this.register = new RegisterModel(revisions, revision);
    this.successions = this.state.successions;
    this.parcels = new ParcelModel(this.successions, this.state.timelines);
  }

  private detailsOn(reshId: number, list: UnitDetail['list'], day: Day): string[] {
    return findDetails(this.belongings, { reshId, list, day, revision: this.revision });
  }

  /** Follows every succession from a unit to the end; each state of unit and day is entered once. */
  private traverse(reshId: number, isForward: boolean): Succession[] {
    const [steps, visited] = [new Set<Succession>(), new Set<string>()];
    const visit = (current: number, day: Day | undefined): void => {
      const visitKey = `${current}@${day ?? ''}`;
      if (visited.has(visitKey)) return;
      visited.add(visitKey);
      for (const step of this.successions) {
        const stepDay = step.effectiveOn;
        if ((isForward ? step.fromReshId : step.toReshId) !== current) continue;
        if (day !== undefined && (isForward ? stepDay < day : stepDay > day)) continue;
        const next = isForward ? step.toReshId : step.fromReshId;
        steps.add(step);
        visit(next, stepDay);
      }
    };
    visit(reshId, undefined);
    return [...steps];
  }

  successors(reshId: number): string[] {
    return this.traverse(reshId, true).map(formatSuccession).sort();
  }

  predecessors(reshId: number): string[] {
    return this.traverse(reshId, false).map(formatSuccession).sort();
  }

  translation(reshId: number, at: Day, to: Day) {
    const { outcome, seenOn: since } = this.register.lookUp(reshId, at);
    const emptyResult = { units: [] as number[], steps: [] as string[] };
    if (since === null) return { outcome: 'UNKNOWN', ...emptyResult };
    if (outcome === 'NOT_YET_VALID') return { outcome, ...emptyResult };
    const isForward = to >= since;
    const { steps, undone, reached } = this.parcels.trace(reshId, since, to);
    const kinds = steps.map(({ kind }) => kind);
    const [before, after] = [factsOn(this.state, reshId, since), factsOn(this.state, reshId, to)];
    const ownOutcome = this.register.lookUp(reshId, to).outcome;
    const candidates: [string, boolean][] = [
      ['SPLIT', undone.length > 0 || kinds.includes('SPLIT')],
      ['MERGED', kinds.includes('MERGE')],
      [ownOutcome, ownOutcome !== 'FOUND'],
      [isForward ? 'SPLIT' : 'MERGED', kinds.length > 0],
      ['MOVED', before?.parentReshId !== after?.parentReshId],
      ['RENAMED', before?.name !== after?.name || before?.shortName !== after?.shortName],
    ];
    return {
      outcome: candidates.find(([, applies]) => applies)?.[0] ?? 'UNCHANGED',
      units: reached.filter((unit) => factsOn(this.state, unit, to)),
      steps: steps.map(formatSuccession).sort(),
    };
  }

  placement(reshId: number, date: Day) {
    const { outcome, seenOn } = this.register.lookUp(reshId, date);
    if (seenOn === null)
      return {
        outcome,
        seenOn,
        enterprise: null,
        region: null,
        site: null,
        warnings: ['UNKNOWN_ID'],
        replacedBy: [],
        codes: [] as string[],
        didYouMean: [...this.state.timelines]
          .flatMap(([id, timeline]) => {
            const typoRank = timeline.length > 0 ? rankTypo(reshId, id) : undefined;
            return typoRank === undefined ? [] : { id, slip: typoRank };
          })
          .sort((one, other) => one.slip - other.slip || one.id - other.id)
          .map(({ id }) => id)
          .slice(0, 10),
      };
    const path = (pathOn(this.state, reshId, seenOn) ?? []).map((id) => ({
      id,
      facts: factsOn(this.state, id, seenOn),
    }));
    const siteUnit = path.findLast(({ facts }) => facts?.treatmentSiteNumber);
    const replacedBy = outcome === 'CLOSED' ? this.replacements(reshId, seenOn, date) : [];
    const warnings: [string, boolean][] = [
      ['NOT_YET_VALID', outcome === 'NOT_YET_VALID'],
      ['UNIT_CLOSED', outcome === 'CLOSED'],
      ['REPLACED', replacedBy.length > 0],
      ['REPORTED_ON_ORGANIZATION', path.at(-1)?.facts?.type === 'ORGANIZATION'],
      ['NO_TREATMENT_SITE', siteUnit === undefined],
      ['SITE_FROM_ANCESTOR', siteUnit !== undefined && siteUnit.id !== reshId],
      [
        'SITE_IS_ENTERPRISE_NUMBER',
        this.organizationsWithNumber(reshId, seenOn, siteUnit?.facts?.treatmentSiteNumber).length > 0,
      ],
    ];
    return {
      outcome,
      seenOn,
      replacedBy,
      didYouMean: [] as number[],
      enterprise: this.register.enterprise(reshId, seenOn),
      region: this.register.region(reshId, seenOn),
      site: siteUnit?.facts?.treatmentSiteNumber ?? null,
      codes: this.detailsOn(reshId, 'codes', seenOn),
      warnings: warnings.flatMap(([code, applies]) => (applies ? code : [])),
    };
  }

  /** Returns the organizations on the path of a unit that have a number themselves. */
  private organizationsWithNumber(reshId: number, day: Day, number: string | null | undefined): number[] {
    return (pathOn(this.state, reshId, day) ?? []).filter((id) => {
      const facts = factsOn(this.state, id, day);
      return number && facts?.type === 'ORGANIZATION' && facts.organizationNumber === number;
    });
  }

  /** Returns the quality issues of units on a day: kind, unit, and related units. */
  qualityIssues(day: Day, within?: number): [kind: string, reshId: number, others: number[]][] {
    const valid = this.register.unitsOn(day).sort((one, other) => one - other);
    const inScope = valid.filter((reshId) => within === undefined || pathOn(this.state, reshId, day)?.includes(within));
    const findIssues = (kind: string, findOthers: (reshId: number) => number[] | undefined) =>
      inScope.flatMap((reshId): [string, number, number[]][] => {
        const others = findOthers(reshId);
        return others ? [[kind, reshId, others.filter((id) => id !== reshId)]] : [];
      });
    const facts = (reshId: number) => factsOn(this.state, reshId, day);
    const undefinedIfEmpty = (reshIds: number[]) => (reshIds.length > 0 ? reshIds : undefined);
    const noOthersIf = (applies: boolean | undefined) => (applies ? [] : undefined);
    const hasGap = (reshId: number) => {
      const timeline = this.state.timelines.get(reshId) ?? [];
      return timeline.some(({ from }, index) => index > 0 && timeline[index - 1]?.to !== from);
    };
    return [
      ...findIssues('NO_TREATMENT_SITE', (id) =>
        noOthersIf(!facts(id)?.treatmentSiteNumber && this.detailsOn(id, 'codes', day).length > 0),
      ),
      ...findIssues('SITE_IS_ENTERPRISE_NUMBER', (id) =>
        undefinedIfEmpty(this.organizationsWithNumber(id, day, facts(id)?.treatmentSiteNumber)),
      ),
      ...findIssues('RETIRED_CODE', (id) => noOthersIf(this.detailsOn(id, 'codes', day).includes(retiredCode))),
      ...findIssues('CLOSED_PARENT', (id) => {
        const parent = facts(id)?.parentReshId ?? null;
        return parent === null || valid.includes(parent) ? undefined : [parent];
      }),
      ...findIssues('GAP_IN_VALIDITY', (id) => noOthersIf(hasGap(id))),
      ...findIssues('DUPLICATE_NAME', (id) => {
        const own = facts(id);
        return undefinedIfEmpty(
          valid.filter((other) => {
            const { parentReshId, name } = facts(other) ?? {};
            return other !== id && own?.parentReshId && parentReshId === own.parentReshId && name === own.name;
          }),
        );
      }),
      ...findIssues('DUPLICATE_IDENTIFIER', (id) => {
        const own = this.detailsOn(id, 'identifiers', day);
        return undefinedIfEmpty(
          valid.filter(
            (other) => other !== id && this.detailsOn(other, 'identifiers', day).some((each) => own.includes(each)),
          ),
        );
      }),
    ];
  }

  private replacements(reshId: number, since: Day, date: Day): number[] {
    const { steps, undone, reached } = this.parcels.trace(reshId, since, date);
    const others = reached.filter((id) => id !== reshId);
    const valid = others.filter((id) => factsOn(this.state, id, date));
    return valid.length > 0
      ? valid
      : others.filter((id) => !steps.some((step) => step.fromReshId === id && !undone.includes(step)));
  }
}

/** Formats a succession as text: first its day, then the RESH-ids, which is also the sort order. */
export function formatSuccession({ fromReshId, toReshId, effectiveOn, kind, extent }: Succession): string {
  return [effectiveOn, ...[fromReshId, toReshId].map((id) => String(id).padStart(10, '0')), kind, extent].join(' ');
}

/**
 * Ranks the typing error that turns `intended` into `typed`, likeliest first: an extra digit, a missing digit, two
 * neighbors swapped, a wrong digit. Returns undefined if it is none of these.
 */
function rankTypo(typed: number, intended: number): number | undefined {
  const [one, other] = [String(typed), String(intended)];
  const removeAt = (text: string, index: number): string => text.slice(0, index) + text.slice(index + 1);
  const indices = Array.from({ length: Math.max(one.length, other.length) }, (_, index) => index);
  if (one.length === other.length + 1) return indices.some((index) => removeAt(one, index) === other) ? 1 : undefined;
  if (one.length + 1 === other.length) return indices.some((index) => removeAt(other, index) === one) ? 2 : undefined;
  if (one.length !== other.length) return undefined;
  const differingIndices = indices.filter((index) => one[index] !== other[index]);
  const [first = 0, second = 0] = differingIndices;
  if (differingIndices.length === 1) return 4;
  const isSwapped =
    differingIndices.length === 2 &&
    second === first + 1 &&
    one[first] === other[second] &&
    one[second] === other[first];
  return isSwapped ? 3 : undefined;
}
