import { dayBefore, type Day } from '../../../src/domain/time/day.ts';
import {
  findBoundaries,
  factsOn,
  emptyState,
  pathOn,
  findPeriods,
  type Facts,
  type RegisterState,
  type Revisions,
} from './register-state.ts';

const norwegian = new Intl.Collator('nb', { sensitivity: 'base' });

/** Expected responses of the register at a revision, computed the slow and simple way. */
export class RegisterModel {
  private readonly state: RegisterState;
  private readonly boundaries: readonly Day[];

  constructor(
    private readonly revisions: Revisions,
    readonly revision: number,
  ) {
    this.state = revisions[revision] ?? emptyState;
    this.boundaries = findBoundaries(this.state);
  }

  private facts(reshId: number, day: Day): Facts {
    const facts = factsOn(this.state, reshId, day);
    if (!facts) throw new Error(`The model has no unit ${reshId} on ${day}.`);
    return facts;
  }

  unitsOn(day: Day): number[] {
    return [...this.state.timelines.keys()].filter((reshId) => factsOn(this.state, reshId, day));
  }

  private byName(day: Day) {
    return (one: number, other: number) =>
      norwegian.compare(this.facts(one, day).name, this.facts(other, day).name) || one - other;
  }

  roots(day: Day): number[] {
    return this.unitsOn(day)
      .filter((reshId) => this.facts(reshId, day).parentReshId === null)
      .sort(this.byName(day));
  }

  ancestors(reshId: number, day: Day): number[] {
    return pathOn(this.state, reshId, day)?.slice(0, -1) ?? [];
  }

  children(reshId: number, day: Day): number[] {
    return this.unitsOn(day)
      .filter((child) => this.facts(child, day).parentReshId === reshId)
      .sort(this.byName(day));
  }

  /** Returns the descendants depth first, siblings by RESH-id. */
  descendants(reshId: number, day: Day, depth = 1): { reshId: number; depth: number }[] {
    return this.children(reshId, day)
      .sort((one, other) => one - other)
      .flatMap((child) => [{ reshId: child, depth }, ...this.descendants(child, day, depth + 1)]);
  }

  enterprise(reshId: number, day: Day): number | null {
    return (
      [...this.ancestors(reshId, day), reshId].findLast(
        (ancestor) => this.facts(ancestor, day).type === 'ORGANIZATION',
      ) ?? null
    );
  }

  region(reshId: number, day: Day): number {
    return this.ancestors(reshId, day)[0] ?? reshId;
  }

  treatmentSites(reshId: number, day: Day): string[] {
    const units = [reshId, ...this.descendants(reshId, day).map((descendant) => descendant.reshId)];
    return [...new Set(units.flatMap((unit) => this.facts(unit, day).treatmentSiteNumber ?? []))].sort();
  }

  /** Returns former children that are not children on the day: latest departure first, then by RESH-id. */
  formerChildren(reshId: number, day: Day): { reshId: number; until: Day; reason: 'MOVED' | 'CLOSED' }[] {
    return [...this.state.timelines.keys()]
      .filter((child) => factsOn(this.state, child, day)?.parentReshId !== reshId)
      .flatMap((child) => {
        const periodsAsChild = findPeriods(
          this.boundaries,
          (boundary) => factsOn(this.state, child, boundary)?.parentReshId === reshId || undefined,
        );
        const until = periodsAsChild.findLast(({ to }) => to !== null && to <= day)?.to;
        if (!until) return [];
        return {
          reshId: child,
          until,
          reason: factsOn(this.state, child, until) ? ('MOVED' as const) : ('CLOSED' as const),
        };
      })
      .sort((one, other) => (one.until === other.until ? one.reshId - other.reshId : one.until < other.until ? 1 : -1));
  }

  private validPeriods(reshId: number) {
    return findPeriods(this.boundaries, (day) => (factsOn(this.state, reshId, day) ? true : undefined));
  }

  /** Returns the lookup outcome of a RESH-id, and the day on which its unit is shown. */
  lookUp(reshId: number, day: Day): { outcome: string; seenOn: Day | null } {
    if (!this.state.timelines.has(reshId)) return { outcome: 'UNKNOWN', seenOn: null };
    const valid = this.validPeriods(reshId);
    if (valid.length === 0) return { outcome: 'WITHDRAWN', seenOn: null };
    if (factsOn(this.state, reshId, day)) return { outcome: 'FOUND', seenOn: day };
    const lastEnd = valid.findLast(({ to }) => to !== null && to <= day)?.to;
    return lastEnd
      ? { outcome: 'CLOSED', seenOn: dayBefore(lastEnd) }
      : { outcome: 'NOT_YET_VALID', seenOn: valid[0]?.from ?? null };
  }

  validity(reshId: number, day: Day): { from: Day; to: Day | null } | undefined {
    const period = this.validPeriods(reshId).find(({ from, to }) => from <= day && (to === null || day < to));
    return period && { from: period.from, to: period.to };
  }

  parentHistory(reshId: number, seenOn: Day) {
    return findPeriods(this.boundaries, (day) => {
      const facts = factsOn(this.state, reshId, day);
      return facts && [facts.parentReshId];
    }).map(({ from, to, value: [parent = null] }) => ({
      validity: { from, to },
      parent: parent === null ? null : this.unitWithinPeriod(parent, from, to, seenOn),
    }));
  }

  ancestryHistory(reshId: number, seenOn: Day) {
    return findPeriods(this.boundaries, (day) => pathOn(this.state, reshId, day)).map(({ from, to, value: path }) => ({
      validity: { from, to },
      ancestors: path.slice(0, -1).map((ancestor) => this.unitWithinPeriod(ancestor, from, to, seenOn)),
    }));
  }

  // The unit is shown on the day of the snapshot if that is within the period, otherwise on the last day of the period,
  // or on the first day of an open period that lies ahead.
  private unitWithinPeriod(reshId: number, from: Day, to: Day | null, seenOn: Day) {
    const isWithin = from <= seenOn && (to === null || seenOn < to);
    const day = isWithin ? seenOn : to === null ? from : dayBefore(to);
    return { reshId, name: this.facts(reshId, day).name, seenOn: day };
  }

  /** Returns all statements about a unit up to this revision, in order of recording, then of days. */
  statements(reshId: number) {
    const statements: (Facts & {
      validity: { from: Day; to: Day | null };
      recordedBy: { revision: number };
      supersededBy: { revision: number } | null;
    })[] = [];
    for (let revision = 1; revision <= this.revision; revision += 1) {
      const state = this.revisions[revision] ?? emptyState;
      const periods = findPeriods(findBoundaries(state), (day) => factsOn(state, reshId, day));
      const keys = new Set(periods.map((run) => JSON.stringify(run)));
      const current = statements.filter(({ supersededBy }) => supersededBy === null);
      const currentKeys = new Set<string>();
      for (const statement of current) {
        const { validity, recordedBy: _recordedBy, supersededBy: _supersededBy, ...value } = statement;
        const key = JSON.stringify({ ...validity, value });
        if (keys.has(key)) currentKeys.add(key);
        else statement.supersededBy = { revision };
      }
      for (const run of periods)
        if (!currentKeys.has(JSON.stringify(run)))
          statements.push({
            ...run.value,
            validity: { from: run.from, to: run.to },
            recordedBy: { revision },
            supersededBy: null,
          });
    }
    return statements;
  }

  /** Returns a unit and everything attached to it, read on the day on which the unit is shown. */
  unit(reshId: number, seenOn: Day) {
    const facts = this.facts(reshId, seenOn);
    const ancestors = this.ancestors(reshId, seenOn);
    const children = this.children(reshId, seenOn);
    const descendants = this.descendants(reshId, seenOn);
    const toReference = (other: number) => ({ reshId: other, name: this.facts(other, seenOn).name, seenOn });
    return {
      reshId,
      type: facts.type,
      name: facts.name,
      shortName: facts.shortName,
      displayName: facts.shortName ?? facts.name,
      organizationNumber: facts.organizationNumber,
      validity: this.validity(reshId, seenOn),
      seenOn,
      parent: facts.parentReshId === null ? null : toReference(facts.parentReshId),
      ancestors: ancestors.map(toReference),
      parentReshId: ancestors.at(-1) ?? null,
      path: [...ancestors, reshId],
      depth: ancestors.length,
      children: { totalCount: children.length, nodes: children.map(toReference) },
      childrenByIdBackwards: {
        nodes: [...children].sort((one, other) => other - one).map((child) => ({ reshId: child })),
      },
      descendants: {
        totalCount: descendants.length,
        edges: descendants.map(({ depth, reshId: descendant }) => ({ depth, node: toReference(descendant) })),
      },
      nearDescendants: { edges: descendants.filter(({ depth }) => depth <= 2).map((edge) => this.edge(edge)) },
      organizations: descendants.filter((descendant) => this.facts(descendant.reshId, seenOn).type === 'ORGANIZATION')
        .length,
      formerChildren: this.formerChildrenConnection(reshId, seenOn),
      hasChildren: children.length > 0,
      childCount: children.length,
      descendantCount: descendants.length,
      enterprise: this.unitOrNull(this.enterprise(reshId, seenOn), seenOn),
      region: toReference(this.region(reshId, seenOn)),
      treatmentSite: facts.treatmentSiteNumber === null ? null : { organizationNumber: facts.treatmentSiteNumber },
      treatmentSites: this.sitesConnection(reshId, seenOn),
      parentHistory: this.parentHistory(reshId, seenOn),
      ancestryHistory: this.ancestryHistory(reshId, seenOn),
      versions: this.statements(reshId).map(({ treatmentSiteNumber: organizationNumber, ...statement }) => ({
        ...statement,
        treatmentSite: organizationNumber === null ? null : { organizationNumber },
      })),
    };
  }

  private edge({ depth, reshId }: { depth: number; reshId: number }) {
    return { depth, node: { reshId } };
  }

  private unitOrNull(reshId: number | null, day: Day) {
    return reshId === null ? null : { reshId, name: this.facts(reshId, day).name, seenOn: day };
  }

  private sitesConnection(reshId: number, day: Day) {
    const sites = this.treatmentSites(reshId, day);
    return { totalCount: sites.length, nodes: sites.map((organizationNumber) => ({ organizationNumber })) };
  }

  private formerChildrenConnection(reshId: number, day: Day) {
    const former = this.formerChildren(reshId, day);
    return {
      totalCount: former.length,
      edges: former.map(({ reshId: child, until, reason }) => ({
        effectiveOn: until,
        reason,
        node: {
          reshId: child,
          name: this.facts(child, dayBefore(until)).name,
          seenOn: dayBefore(until),
          ancestors: this.ancestors(child, dayBefore(until)).map((ancestor) => ({ reshId: ancestor })),
        },
      })),
    };
  }

  /** Returns the whole expected response about RESH-ids on a day; `scope` is the unit of `isWithin`. */
  register(reshIds: readonly number[], day: Day, scope: number) {
    return {
      validAt: day,
      revision: this.revision,
      roots: this.roots(day).map((reshId) => ({ reshId })),
      units: reshIds.map((reshId) => {
        const { outcome, seenOn } = this.lookUp(reshId, day);
        return {
          reshId,
          outcome,
          unit:
            seenOn === null
              ? null
              : {
                  ...this.unit(reshId, seenOn),
                  isActive: outcome === 'FOUND',
                  isWithin: [reshId, ...this.ancestors(reshId, seenOn)].includes(scope),
                },
        };
      }),
    };
  }
}
