import { SERVICE_CODE_SETS, DESIGNATION_CODE_SET } from '../../domain/unit/code-sets.ts';
import { ORGANIZATION_NUMBER_SYSTEM, RESH_ID_SYSTEM } from '../../domain/unit/identifier-systems.ts';
import { selectNearestByType, type Detail } from '../../domain/unit/inherited-details.ts';
import type { RegisterSnapshot } from '../../store/snapshot/register-snapshot.ts';
import type { UnitDetails } from '../../store/snapshot/unit-details.ts';
import type { SnapshotUnit } from '../../store/snapshot/snapshot-unit.ts';
import { lineFactFields } from '../kit/line-facts.ts';
import { encodeGlobalID, formatNodeId } from '../kit/node-id.ts';
import { leaf, list, object, type CompiledField, type CompiledFields } from './field.ts';
import type { SnapshotView } from './output.ts';
import { readChildrenPage, readDescendantsPage } from './unit-page.ts';

/** Fields of units; a source is the position of a unit. */
export const unitFields: CompiledFields<number> = {
  id: leaf((position, view) => formatUnitId(position, view)),
  reshId: fact('reshId'),
  type: fact('type'),
  name: fact('name'),
  ...lineFactFields((name) => fact(name)),
  designationText: fact('designationText'),
  organizationNumber: fact('organizationNumber'),
  displayName: leaf((position, { snapshot }) => {
    const { shortName, name } = snapshot.unitAt(position);
    return shortName ?? name;
  }),
  seenOn: leaf((_position, { snapshot }) => snapshot.at.day),
  isActive: leaf(() => true),
  parentReshId: fact('parentReshId'),
  path: leaf((position, { snapshot }) => snapshot.tree.pathOf(position)),
  depth: leaf((position, { snapshot }) => snapshot.tree.depthOf(position)),
  hasChildren: leaf((position, { snapshot }) => snapshot.tree.endOf(position) > position + 1),
  childCount: leaf((position, { snapshot }) => snapshot.tree.childrenOf(position).length),
  descendantCount: leaf((position, { snapshot }) => snapshot.tree.endOf(position) - position - 1),

  designation: object((position, { snapshot }, tally) => {
    const { designationCode } = snapshot.unitAt(position);
    if (designationCode === null) return null;
    tally.objects += 1;
    return snapshot.findCode({ codeSet: DESIGNATION_CODE_SET, code: designationCode }) ?? null;
  }),
  parent: object((position, { snapshot }, tally) => {
    const parent = snapshot.tree.parentOf(position);
    if (parent >= 0) tally.objects += 1;
    return parent;
  }),
  enterprise: object((position, { snapshot }) => snapshot.enterpriseOf(position)),
  region: object((position, { snapshot }) => snapshot.rootOf(position)),
  treatmentSite: object((position, { snapshot }) => {
    const { treatmentSiteNumber } = snapshot.unitAt(position);
    return treatmentSiteNumber === null ? null : (snapshot.sites.get(treatmentSiteNumber) ?? null);
  }),
  specialties: list((position, { snapshot }, tally) => {
    const { codes } = snapshot.unitAt(position);
    tally.objects += codes.length;
    return codes.filter(({ codeSet }) => SERVICE_CODE_SETS.includes(codeSet));
  }),
  codes: list((position, { snapshot }, tally) => {
    const { codes } = snapshot.unitAt(position);
    tally.objects += codes.length;
    return codes;
  }),
  validity: object((position, { snapshot }) => snapshot.unitAt(position).validity),
  identifiers: list((position, { snapshot }) => {
    const { reshId, organizationNumber, details } = snapshot.unitAt(position);
    return [
      { system: RESH_ID_SYSTEM, value: String(reshId) },
      ...(organizationNumber === null ? [] : [{ system: ORGANIZATION_NUMBER_SYSTEM, value: organizationNumber }]),
      ...details.identifiers,
    ];
  }),
  internationalNames: list((position, { snapshot }) => snapshot.unitAt(position).details.names),
  addresses: list((position, { snapshot }) => selectNearest(snapshot, position, ({ addresses }) => addresses)),
  contactPoints: list((position, { snapshot }) =>
    selectNearest(snapshot, position, ({ contactPoints }) => contactPoints),
  ),
  specialtyCounts: {
    kind: 'list',
    isLong: true,
    isStoredAlone: true,
    read: (position, { snapshot }) => snapshot.countCodes(position, SERVICE_CODE_SETS),
  },

  ancestors: {
    kind: 'units',
    read: (position, { snapshot }, tally) => {
      const ancestors = snapshot.tree.ancestorsOf(position);
      tally.objects += ancestors.length;
      return ancestors;
    },
  },
  children: { kind: 'object', isLong: true, args: ['first'], read: readChildrenPage },
  descendants: {
    kind: 'object',
    isLong: true,
    args: ['first'],
    read: readDescendantsPage,
  },
};

function fact(name: keyof SnapshotUnit): CompiledField<number> {
  return leaf((position, { snapshot }) => snapshot.unitAt(position)[name]);
}

function selectNearest<Item extends Detail>(
  snapshot: RegisterSnapshot,
  position: number,
  listOf: (details: UnitDetails) => readonly Item[],
) {
  const nearestFirst = [...snapshot.tree.ancestorsOf(position), position].reverse();
  const details = nearestFirst.flatMap((each) => listOf(snapshot.unitAt(each).details));
  return selectNearestByType(details, snapshot.unitAt(position).reshId);
}

function formatUnitId(position: number, { snapshot, named }: SnapshotView): string {
  const key = formatNodeId(snapshot.unitAt(position).reshId, { ...snapshot.at, ...named });
  return encodeGlobalID('Unit', key);
}
