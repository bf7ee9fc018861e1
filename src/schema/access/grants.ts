import { z } from 'zod';
import type { Context } from '../../context.ts';
import { findReferenceVersion } from '../../domain/time/reference-version.ts';
import { MAX_INTEGER } from '../../domain/text/max-integer.ts';
import type { AccessGrant } from '../../generated/prisma/client.js';
import { countGrants, readGrantPage, toGrantPosition, type GrantFilter } from '../../store/read/grant-pages.ts';
import { builder } from '../kit/builder.ts';
import { declareConnection, type EdgeShape } from '../kit/connection.ts';
import { connectionKey } from '../kit/cursor.ts';
import { AccessRole } from '../kit/enums.ts';
import { pageLimit } from '../kit/limits.ts';
import { afterDescription, firstDescription, pageCost, readPage } from '../kit/page.ts';
import { liveView, type View } from '../kit/view.ts';
import { RecordedGrant } from './recorded-grant.ts';

const GrantConnection = declareConnection<AccessGrant, EdgeShape<AccessGrant>>(
  'RecordedGrantConnection',
  'Page of grants',
  RecordedGrant,
);

const positionSchema = z.tuple([z.number().int().min(0).max(MAX_INTEGER), z.string().regex(/^\d{1,18}$/)]);

builder.queryField('grants', (t) =>
  t.field({
    type: GrantConnection,
    nullable: true,
    description:
      'Grants that the viewer administers, as known now: an administrator sees those on its units and on all units ' +
      'under them, an operator sees all. Grants of national roles come first, then those on units by RESH-id. Null ' +
      'unless the viewer may grant access to `withinReshId`; `viewerCan { grantAccess }` of the unit names who may.',
    args: {
      withinReshId: t.arg({ type: 'ReshId', description: 'Only grants on this unit and on units under it' }),
      role: t.arg({ type: AccessRole, description: 'Only grants of this role' }),
      subject: t.arg.string({ description: 'Only grants of the person with this subject in tokens (`sub`)' }),
      validAt: t.arg({ type: 'Date', description: 'Day on which the grants are valid; today if omitted' }),
      first: t.arg.int({ description: firstDescription(pageLimit) }),
      after: t.arg.string({ description: afterDescription }),
    },
    complexity: pageCost(pageLimit),
    resolve: async (_root, { withinReshId = null, role = null, subject = null, validAt, ...page }, context) => {
      const withinReshIds = await findAdministeredScope(context, withinReshId);
      if (withinReshIds === undefined) return null;
      const { prisma } = context.database;
      const toFilter = ({ revision, day }: View): GrantFilter => ({
        withinReshIds,
        role,
        subject,
        validAt: validAt ?? day,
        today: day,
        revision,
      });
      return readPage(
        context,
        page,
        {
          key: connectionKey('grants', withinReshIds, role, subject, validAt ?? null),
          view: await liveView(context),
          limit: pageLimit,
          positionSchema,
          toPosition: toGrantPosition,
          read: (view, first, after) => readGrantPage(prisma, toFilter(view), first, after),
          count: (view) => countGrants(prisma, toFilter(view)),
        },
        (node) => ({ node }),
      );
    },
  }),
);

/**
 * Returns the RESH-ids of the units at and under which the viewer administers grants; null for the whole register, and
 * undefined if the viewer administers none or not the requested unit.
 */
async function findAdministeredScope(
  { viewer, loaders, currentSnapshot, today }: Context,
  withinReshId: number | null,
): Promise<readonly number[] | null | undefined> {
  if (!viewer) return undefined;
  const { revision, day } = await currentSnapshot();
  const grants = await loaders.grantsBySubject.load({ subject: viewer.subject, revision, day });
  if (grants.some(({ role }) => role === 'OPERATOR')) return withinReshId === null ? null : [withinReshId];
  const ownReshIds = grants.flatMap(({ reshId }) => (reshId === null ? [] : [reshId]));
  if (ownReshIds.length === 0) return undefined;
  if (withinReshId === null) return ownReshIds;
  const version = findReferenceVersion(await loaders.timelineByReshId.load({ reshId: withinReshId, revision }), today);
  return version?.path.some((reshId) => ownReshIds.includes(reshId)) ? [withinReshId] : undefined;
}
