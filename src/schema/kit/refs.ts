import { getRefFromModel, type PrismaObjectRef } from '@pothos/plugin-prisma';
import type { Impact as ImpactShape, PlannedUnits } from '../../domain/plan/impact.ts';
import type { Day } from '../../domain/time/day.ts';
import type { FieldValue as FieldValueShape, UnitField } from '../../domain/unit/field-values.ts';
import type { UnitState as PlannedState, VersionRow } from '../../domain/unit/state.ts';
import type PrismaTypes from '../../generated/pothos.ts';
import type { Change as ChangeRow } from '../../generated/prisma/client.js';
import type { CodeCountRow, CodeRow, CodeSetRow, UnitCodeRow } from '../../store/read/codes.ts';
import type { GrantRow } from '../../store/read/grants.ts';
import type { MappingNodeRow } from '../../store/read/mapping-nodes.ts';
import type { SuccessionRow } from '../../store/read/successions.ts';
import type { TreatmentSiteRow } from '../../store/read/treatment-sites.ts';
import { builder, type SchemaBuilderTypes } from './builder.ts';
import { declareConnection, type EdgeShape } from './connection.ts';
import type { Knowledge, UnitAtSnapshot, UnitChangeAtRevision, View } from './view.ts';

// The object types that several folders name. Each is described in the folder that it belongs to.

export const Unit = builder.objectRef<UnitAtSnapshot>('Unit');

export const UnitConnection = declareConnection<UnitAtSnapshot, EdgeShape<UnitAtSnapshot>>(
  'UnitConnection',
  'Page of units',
  Unit,
);

/** A unit as a dry run would leave it, on the day `seenOn`. */
export interface PlannedUnitShape {
  /** The version of the unit on the day */
  readonly row: VersionRow & Pick<PlannedState, 'reshId'>;
  readonly versions: PlannedState['versions'];
  readonly seenOn: Day;
  readonly planned: PlannedUnits;
}

export const PlannedUnit = builder.objectRef<PlannedUnitShape>('PlannedUnit');

/** A unit in the register, or as a dry run would leave it. */
export type UnitStateShape = UnitAtSnapshot | PlannedUnitShape;

export const UnitState = builder.interfaceRef<UnitStateShape>('UnitState');

export interface AddressShape {
  readonly type: 'VISITING' | 'POSTAL';
  readonly lines: readonly string[];
  readonly postalCode: string | null;
  readonly city: string | null;
  readonly country: string | null;
  readonly inherited: boolean;
}

export const Address = builder.objectRef<AddressShape>('Address');

/** A treatment site, as seen from a view. */
export interface TreatmentSiteAtSnapshot {
  readonly site: TreatmentSiteRow;
  readonly view: View;
}

export const TreatmentSite = builder.objectRef<TreatmentSiteAtSnapshot>('TreatmentSite');

export const TreatmentSiteConnection = declareConnection<TreatmentSiteAtSnapshot, EdgeShape<TreatmentSiteAtSnapshot>>(
  'TreatmentSiteConnection',
  'Page of treatment sites, by organization number',
  TreatmentSite,
);

export const CodeSet = builder.objectRef<CodeSetRow & { readonly view: View }>('CodeSet');

/** A code, as seen from a view. */
export interface CodeAtSnapshot {
  readonly row: CodeRow;
  readonly view: View;
}

export const Code = builder.objectRef<CodeAtSnapshot>('Code');

/** A code that a unit has, as seen from a view. */
export interface UnitCodeAtSnapshot {
  readonly row: UnitCodeRow;
  readonly view: View;
}

export const UnitCode = builder.objectRef<UnitCodeAtSnapshot>('UnitCode');

export const CodeCount = builder.objectRef<{ readonly row: CodeCountRow; readonly view: View }>('CodeCount');

/** A node in the tree of another system, as seen from a view. */
export interface MappingNodeAtSnapshot {
  readonly node: MappingNodeRow;
  readonly view: View;
}

export const MappingNode = builder.objectRef<MappingNodeAtSnapshot>('MappingNode');

/** A succession, and the knowledge with which its units are shown. */
export interface SuccessionAtSnapshot {
  readonly row: SuccessionRow;
  readonly view: Knowledge;
}

export const Succession = builder.objectRef<SuccessionAtSnapshot>('Succession');

// The reference that prismaNode('Change') implements: Pothos keeps one for each model, and types them all alike.
export const Change = getRefFromModel('Change', builder, 'object') as unknown as PrismaObjectRef<
  SchemaBuilderTypes,
  PrismaTypes['Change'],
  ChangeRow
>;

export const ChangeConnection = declareConnection<ChangeRow, EdgeShape<ChangeRow>>(
  'ChangeConnection',
  'Page of changes, newest first',
  Change,
);

export const UnitChange = builder.objectRef<UnitChangeAtRevision>('UnitChange');

/** From where the units, codes and sites of a value are shown: a view, and in a dry run the planned units. */
export interface ValueView {
  readonly view: View;
  readonly planned: PlannedUnits | null;
}

/** A value of a field, and from where it is shown. */
export interface FieldValueAtSnapshot extends ValueView {
  readonly content: FieldValueShape;
}

export const FieldValue = builder.objectRef<FieldValueAtSnapshot>('FieldValue');

/** A field before and after, each from a view of its own. */
export interface FieldChangeAtSnapshots {
  readonly field: UnitField;
  readonly before: FieldValueAtSnapshot | null;
  readonly after: FieldValueAtSnapshot | null;
}

export const FieldChange = builder.objectRef<FieldChangeAtSnapshots>('FieldChange');

/** An impact, with the revision of its change; null for a dry run. */
export interface ImpactAtRevision extends ImpactShape {
  readonly revision: number | null;
}

export const Impact = builder.objectRef<ImpactAtRevision>('Impact');

/** The holder of a grant, and the unit that the grant is on. */
export interface GrantHolder {
  readonly subject: string;
  readonly name: string;
  readonly email: string | null;
  readonly reshId: number | null;
}

export const Administrator = builder.objectRef<GrantHolder>('Administrator');

/** A grant, with the name of its holder if it is known without a lookup. */
export type GrantShape = GrantRow & {
  readonly name?: string;
  readonly email?: string | null;
  /** Revision before the change that ended the grant, if a change did: it may have withdrawn the unit */
  readonly fallbackRevision?: number | null;
};

export const Grant = builder.objectRef<GrantShape>('Grant');
