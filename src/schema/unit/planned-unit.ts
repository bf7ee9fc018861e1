import { findUnbrokenPeriod } from '../../domain/time/period.ts';
import { DESIGNATION_CODE_SET } from '../../domain/unit/code-sets.ts';
import { builder } from '../kit/builder.ts';
import { loadCodes, loadTreatmentSites, loadUnitState } from '../kit/load.ts';
import { Code, PlannedUnit, TreatmentSite, UnitState, type PlannedUnitShape } from '../kit/refs.ts';
import { Validity } from '../kit/validity.ts';
import { pinnedView, type View } from '../kit/view.ts';

builder.objectType(PlannedUnit, {
  description:
    'Unit as a dry run would leave it, which the register does not have. It has no global id, so that caches keep ' +
    'it apart from the unit in the register',
  interfaces: [UnitState],
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'planned' in value,
  fields: (t) => ({
    designation: t.field({
      type: Code,
      nullable: true,
      description: 'Designation of the unit (organisatorisk betegnelse), a code of 8624; it does not imply a level',
      resolve: async (unit, _args, context) => {
        const { designationCode } = unit.row;
        if (designationCode === null) return null;
        const key = { codeSet: DESIGNATION_CODE_SET, code: designationCode };
        return (await loadCodes(context, [key], viewOfUnchanged(unit)))[0];
      },
    }),
    treatmentSite: t.field({
      type: TreatmentSite,
      nullable: true,
      description: 'Treatment site (behandlingssted) of the unit itself',
      resolve: async (unit, _args, context) => {
        const { treatmentSiteNumber } = unit.row;
        if (treatmentSiteNumber === null) return null;
        return (await loadTreatmentSites(context, [treatmentSiteNumber], viewOfUnchanged(unit)))[0] ?? null;
      },
    }),
    validity: t.field({
      type: Validity,
      description: 'Unbroken period around `seenOn` in which the unit would be valid (gyldighet)',
      resolve: ({ versions, seenOn, row }) => findUnbrokenPeriod(versions, seenOn) ?? row,
    }),
    parent: t.field({
      type: UnitState,
      nullable: true,
      description: 'Parent that the unit would have, as the dry run would leave it; null at a root',
      resolve: (unit, _args, context) => {
        const { parentReshId } = unit.row;
        const valueView = { view: viewOfUnchanged(unit), planned: unit.planned };
        return parentReshId === null ? null : loadUnitState(context, parentReshId, valueView);
      },
    }),
  }),
});

/** Returns the view of what the dry run leaves as it is. */
function viewOfUnchanged({ planned, seenOn }: PlannedUnitShape): View {
  return pinnedView(planned.revision, seenOn);
}
