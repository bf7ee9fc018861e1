import { z } from 'zod';
import type * as domain from '../../domain/unit/change.ts';
import type * as facts from '../../domain/unit/facts.ts';
import type * as fieldValues from '../../domain/unit/field-values.ts';
import { builder } from '../kit/builder.ts';
import { declareConnection, type EdgeShape } from '../kit/connection.ts';
import { connectionKey } from '../kit/cursor.ts';
import { pageLimit } from '../kit/limits.ts';
import { afterDescription, firstDescription, pageCost, readPage } from '../kit/page.ts';
import { Unit } from '../unit/unit.ts';
import { Change } from './change.ts';

export const UnitChangeKind = builder.enumType('UnitChangeKind', {
  description: 'What became of a unit',
  values: {
    OPENED: { description: 'It was not known to be valid on any day before, and now is' },
    CLOSED: { description: 'It is no longer valid on days on which it was, and is on others' },
    REOPENED: { description: 'It is valid on days on which it was not, and was on others' },
    WITHDRAWN: { description: 'No days are left on which it is valid: it never was' },
    RENAMED: { description: 'Its name or short name is another' },
    MOVED: { description: 'Its own parent is another; what lies beneath it has not moved by that' },
    RECODED: { description: 'Its codes are others: specialties, other services' },
    SITE_CHANGED: { description: 'Its treatment site (behandlingssted) is another, or none' },
    MERGED: { description: 'It became part of another unit' },
    SPLIT: { description: 'It became several units, or parts of it did where it stays' },
    ENTERED: { description: 'It lies beneath the unit asked about, and did not before' },
    LEFT: { description: 'It lay beneath the unit asked about, and no longer does' },
    CHANGED: { description: 'Anything else of it is another, or it becomes other units than it was to' },
  } satisfies Record<facts.UnitChangeKind, { description: string }>,
});

export const FieldChange = builder.objectRef<fieldValues.FieldChange>('FieldChange').implement({
  description: 'Field of a unit before and after',
  fields: (t) => ({
    field: t.exposeString('field', { description: 'Name of the field, as Unit has it' }),
    old: t.exposeString('old', {
      nullable: true,
      description: 'Value before, as text; null where it was not set, or the unit not valid',
    }),
    new: t.exposeString('new', {
      nullable: true,
      description: 'Value after, as text; null where it is not set, or the unit not valid',
    }),
  }),
});

/** What a change did to a unit, and the revision at which the unit is shown. */
export interface UnitChangeAtRevision extends domain.UnitChange {
  readonly revision: number;
}

export const UnitChange = builder.objectRef<UnitChangeAtRevision>('UnitChange').implement({
  description:
    'What a change did to a unit itself, or said that it becomes; units beneath one that moved are not changed by that',
  fields: (t) => ({
    reshId: t.expose('reshId', { type: 'ReshId', description: 'RESH-id of the unit' }),
    unit: t.field({
      type: Unit,
      nullable: true,
      description:
        'The unit on the day, as the change left it: where closed as on its last day, where withdrawn as known before; null where there is none to show',
      resolve: async ({ reshId, effectiveOn, seenOn, revision }, _args, context) => {
        if (seenOn === null) return null;
        context.countObjects(1);
        const row = await context.loaders.unitByReshId.load({ reshId, revision, day: seenOn });
        return row ? { row, view: { revision, day: effectiveOn, pinned: true }, seenOn } : null;
      },
    }),
    kinds: t.field({ type: [UnitChangeKind], description: 'What became of it', resolve: ({ kinds }) => [...kinds] }),
    effectiveOn: t.expose('effectiveOn', {
      type: 'Date',
      description: 'First day on which the unit is, or becomes, another than it was known to (virkningsdato)',
    }),
    fields: t.field({
      type: [FieldChange],
      description: 'Fields that differ, each as on the first day on which it does',
      resolve: ({ fields }) => [...fields],
    }),
  }),
});

export const UnitChangeConnection = declareConnection<UnitChangeAtRevision, EdgeShape<UnitChangeAtRevision>>(
  'UnitChangeConnection',
  'Page of what a change did to units, by RESH-id',
  UnitChange,
);

const reshIdPositionSchema = z.tuple([z.number().int().min(0).max(2_147_483_647)]);

builder.prismaObjectField(Change, 'units', (t) =>
  t.field({
    type: UnitChangeConnection,
    description:
      'Units that the change changed themselves, or said to become others, by RESH-id; those of which only the path changed are left out',
    args: {
      first: t.arg.int({ description: firstDescription(pageLimit) }),
      after: t.arg.string({ description: afterDescription }),
    },
    complexity: pageCost(pageLimit),
    resolve: ({ revision }, args, context) =>
      readPage(
        context,
        args,
        {
          key: connectionKey('unitsOfChange', revision),
          view: { revision, day: context.today, pinned: true },
          limit: pageLimit,
          positionSchema: reshIdPositionSchema,
          toPosition: ({ reshId }: domain.UnitChange): [number] => [reshId],
          read: (_view, first, after) =>
            context.loaders.unitChangesByRevision.load({ revision, first, after: after?.[0] }),
          count: () => context.loaders.unitChangeCountByRevision.load(revision),
        },
        (change) => ({ node: atRevision(change, revision) }),
      ),
  }),
);

/** What a committed change did: the unit is shown as the change left it, or as it was before where it was withdrawn. */
export function atRevision(change: domain.UnitChange, revision: number): UnitChangeAtRevision {
  return {
    ...change,
    revision: change.kinds.includes('WITHDRAWN') ? revision - 1 : revision,
  };
}
