import type { Day } from '../../../src/domain/time/day.ts';
import type { Succession } from '../../../src/domain/unit/succession.ts';
import { ModelAnswers } from './answers.ts';
import { heldOn, retiredCode, type Belonging } from './belongings.ts';
import type { History } from './history.ts';
import { factsOn, nothingKnown, pathOn, type Knowledge } from './register.ts';

/** The kind of slip by which one was typed for the other, likeliest first: a digit too many, too few, two neighbours swapped, another digit. */
const slipOf = (typed: number, meant: number): number | undefined => {
  const [one, other] = [String(typed), String(meant)];
  const without = (text: string, place: number): string => text.slice(0, place) + text.slice(place + 1);
  const places = Array.from({ length: Math.max(one.length, other.length) }, (_, place) => place);
  if (one.length === other.length + 1) return places.some((place) => without(one, place) === other) ? 1 : undefined;
  if (one.length + 1 === other.length) return places.some((place) => without(other, place) === one) ? 2 : undefined;
  if (one.length !== other.length) return undefined;
  const differing = places.filter((place) => one[place] !== other[place]);
  const [first = 0, second = 0] = differing;
  if (differing.length === 1) return 4;
  const isSwapped =
    differing.length === 2 && second === first + 1 && one[first] === other[second] && one[second] === other[first];
  return isSwapped ? 3 : undefined;
};

/** A succession as the tests tell it: by its day, then RESH-ids, which is also its order. */
export const toldSuccession = ({ fromReshId, toReshId, effectiveOn, kind, extent }: Succession): string =>
  [effectiveOn, ...[fromReshId, toReshId].map((id) => String(id).padStart(10, '0')), kind, extent].join(' ');

/** What is expected of questions across time, with the knowledge of a revision, found the slow and simple way. */
export class ModelAcrossTime {
  private readonly knowledge: Knowledge;
  private readonly answers: ModelAnswers;
  private readonly successions: readonly Succession[];

  constructor(
    { revisions }: Pick<History, 'revisions'>,
    private readonly belongings: readonly Belonging[],
    private readonly revision: number,
  ) {
    this.knowledge = revisions[revision] ?? nothingKnown;
    this.answers = new ModelAnswers(revisions, revision);
    this.successions = this.knowledge.successions;
  }

  private held(reshId: number, list: Belonging['list'], day: Day): string[] {
    return heldOn(this.belongings, { reshId, list, day, revision: this.revision });
  }

  /** Every way from a unit, walked to its end; each state of unit and day is entered once. */
  private walk(reshId: number, forward: boolean, isBetween: (day: Day) => boolean) {
    const [steps, reached, seen] = [new Set<Succession>(), new Set([reshId]), new Set<string>()];
    const enter = (here: number, day: Day | undefined): void => {
      const state = `${here}@${day ?? ''}`;
      if (seen.has(state)) return;
      seen.add(state);
      for (const step of this.successions) {
        const on = step.effectiveOn;
        if ((forward ? step.fromReshId : step.toReshId) !== here || !isBetween(on)) continue;
        if (day !== undefined && (forward ? on < day : on > day)) continue;
        const there = forward ? step.toReshId : step.fromReshId;
        steps.add(step);
        reached.add(there);
        enter(there, on);
      }
    };
    enter(reshId, undefined);
    return { steps: [...steps], reached: [...reached].sort((one, other) => one - other) };
  }

  successors(reshId: number): string[] {
    return this.walk(reshId, true, () => true)
      .steps.map(toldSuccession)
      .sort();
  }

  predecessors(reshId: number): string[] {
    return this.walk(reshId, false, () => true)
      .steps.map(toldSuccession)
      .sort();
  }

  translation(reshId: number, at: Day, to: Day) {
    const { outcome, seenOn: since } = this.answers.lookUp(reshId, at);
    const nothing = { units: [] as number[], steps: [] as string[] };
    if (since === null) return { outcome: 'UNKNOWN', ...nothing };
    if (outcome === 'NOT_YET_VALID') return { outcome, ...nothing };
    const forward = to >= since;
    const { steps, reached } = this.walk(reshId, forward, (day) =>
      forward ? since < day && day <= to : to < day && day <= since,
    );
    const kinds = steps.map(({ kind }) => kind);
    const [before, after] = [factsOn(this.knowledge, reshId, since), factsOn(this.knowledge, reshId, to)];
    const itself = this.answers.lookUp(reshId, to).outcome;
    const holds: [string, boolean][] = [
      ['SPLIT', kinds.includes('SPLIT')],
      ['MERGED', kinds.includes('MERGE')],
      [itself, itself !== 'FOUND'],
      [forward ? 'SPLIT' : 'MERGED', kinds.length > 0],
      ['MOVED', before?.parentReshId !== after?.parentReshId],
      ['RENAMED', before?.name !== after?.name || before?.shortName !== after?.shortName],
    ];
    return {
      outcome: holds.find(([, isSo]) => isSo)?.[0] ?? 'UNCHANGED',
      units: reached.filter((unit) => factsOn(this.knowledge, unit, to)),
      steps: steps.map(toldSuccession).sort(),
    };
  }

  placement(reshId: number, date: Day) {
    const { outcome, seenOn } = this.answers.lookUp(reshId, date);
    if (seenOn === null)
      return {
        ...{ outcome, seenOn, enterprise: null, region: null, site: null, warnings: ['UNKNOWN_ID'], replacedBy: [] },
        codes: [] as string[],
        didYouMean: [...this.knowledge.timelines]
          .flatMap(([id, timeline]) => {
            const slip = timeline.length > 0 ? slipOf(reshId, id) : undefined;
            return slip === undefined ? [] : { id, slip };
          })
          .sort((one, other) => one.slip - other.slip || one.id - other.id)
          .map(({ id }) => id)
          .slice(0, 10),
      };
    const path = (pathOn(this.knowledge, reshId, seenOn) ?? []).map((id) => ({
      id,
      facts: factsOn(this.knowledge, id, seenOn),
    }));
    const holder = path.findLast(({ facts }) => facts?.treatmentSiteNumber);
    const replacedBy = outcome === 'CLOSED' ? this.replacements(reshId, seenOn, date) : [];
    const warnings: [string, boolean][] = [
      ['NOT_YET_VALID', outcome === 'NOT_YET_VALID'],
      ['UNIT_CLOSED', outcome === 'CLOSED'],
      ['REPLACED', replacedBy.length > 0],
      ['REPORTED_ON_ORGANIZATION', path.at(-1)?.facts?.type === 'ORGANIZATION'],
      ['NO_TREATMENT_SITE', holder === undefined],
      ['SITE_FROM_ANCESTOR', holder !== undefined && holder.id !== reshId],
      ['SITE_IS_ENTERPRISE_NUMBER', this.numberOnPath(reshId, seenOn, holder?.facts?.treatmentSiteNumber).length > 0],
    ];
    return {
      ...{ outcome, seenOn, replacedBy, didYouMean: [] as number[] },
      enterprise: this.answers.enterprise(reshId, seenOn),
      region: this.answers.region(reshId, seenOn),
      site: holder?.facts?.treatmentSiteNumber ?? null,
      codes: this.held(reshId, 'codes', seenOn),
      warnings: warnings.flatMap(([code, isSo]) => (isSo ? code : [])),
    };
  }

  /** Organizations on the path of a unit that have a number themselves. */
  private numberOnPath(reshId: number, day: Day, number: string | null | undefined): number[] {
    return (pathOn(this.knowledge, reshId, day) ?? []).filter((id) => {
      const facts = factsOn(this.knowledge, id, day);
      return number && facts?.type === 'ORGANIZATION' && facts.organizationNumber === number;
    });
  }

  /** What may be wrong with units on a day: kind, unit, and the others that it is about. */
  qualityIssues(day: Day, within?: number): [kind: string, reshId: number, others: number[]][] {
    const valid = this.answers.unitsOn(day).sort((one, other) => one - other);
    const asked = valid.filter(
      (reshId) => within === undefined || pathOn(this.knowledge, reshId, day)?.includes(within),
    );
    const found = (kind: string, othersOf: (reshId: number) => number[] | undefined) =>
      asked.flatMap((reshId): [string, number, number[]][] => {
        const others = othersOf(reshId);
        return others ? [[kind, reshId, others.filter((id) => id !== reshId)]] : [];
      });
    const facts = (reshId: number) => factsOn(this.knowledge, reshId, day);
    const some = (reshIds: number[]) => (reshIds.length > 0 ? reshIds : undefined);
    const nobody = (isSo: boolean | undefined) => (isSo ? [] : undefined);
    const hasGap = (reshId: number) => {
      const timeline = this.knowledge.timelines.get(reshId) ?? [];
      return timeline.some(({ from }, place) => place > 0 && timeline[place - 1]?.to !== from);
    };
    return [
      ...found('CLINICAL_WITHOUT_SITE', (id) =>
        nobody(!facts(id)?.treatmentSiteNumber && this.held(id, 'codes', day).length > 0),
      ),
      ...found('SITE_IS_ENTERPRISE_NUMBER', (id) => some(this.numberOnPath(id, day, facts(id)?.treatmentSiteNumber))),
      ...found('RETIRED_CODE', (id) => nobody(this.held(id, 'codes', day).includes(retiredCode))),
      ...found('CLOSED_PARENT', (id) => {
        const above = facts(id)?.parentReshId ?? null;
        return above === null || valid.includes(above) ? undefined : [above];
      }),
      ...found('GAP_IN_VALIDITY', (id) => nobody(hasGap(id))),
      ...found('EQUAL_NAMES', (id) => {
        const own = facts(id);
        return some(
          valid.filter((other) => {
            const { parentReshId, name } = facts(other) ?? {};
            return other !== id && own?.parentReshId && parentReshId === own.parentReshId && name === own.name;
          }),
        );
      }),
      ...found('IDENTIFIER_TWICE', (id) => {
        const own = this.held(id, 'identifiers', day);
        return some(
          valid.filter(
            (other) => other !== id && this.held(other, 'identifiers', day).some((each) => own.includes(each)),
          ),
        );
      }),
    ];
  }

  private replacements(reshId: number, since: Day, date: Day): number[] {
    const { steps, reached } = this.walk(reshId, true, (day) => since < day && day <= date);
    const others = reached.filter((id) => id !== reshId);
    const valid = others.filter((id) => factsOn(this.knowledge, id, date));
    return valid.length > 0 ? valid : others.filter((id) => !steps.some(({ fromReshId }) => fromReshId === id));
  }
}
