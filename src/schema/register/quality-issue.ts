import { z } from 'zod';
import type { Context } from '../../context.ts';
import * as domain from '../../domain/unit/quality-issue.ts';
import { createSqlClient } from '../../store/database/prisma-sql-client.ts';
import { countQualityIssues, OTHER_UNITS_LIMIT, readQualityIssues } from '../../store/read/quality-issues.ts';
import { builder } from '../kit/builder.ts';
import { declareConnection, type EdgeShape } from '../kit/connection.ts';
import { connectionKey } from '../kit/cursor.ts';
import { pageLimit } from '../kit/limits.ts';
import { lookUpUnit } from '../kit/lookup.ts';
import { afterDescription, firstDescription, heavyPageCost, readPage, type PageArguments } from '../kit/page.ts';
import { Unit } from '../kit/refs.ts';
import { currentView, type UnitAtSnapshot, type View } from '../kit/view.ts';

interface QualityIssueShape {
  readonly issue: domain.QualityIssue;
  readonly view: View;
}

const QualityIssueKind = builder.enumType('QualityIssueKind', {
  description: 'What may be wrong with a unit',
  values: {
    CLINICAL_WITHOUT_SITE: {
      description: 'It has service codes, but no treatment site (behandlingssted) of its own',
    },
    SITE_IS_ENTERPRISE_NUMBER: {
      description: 'Its treatment site is the organization number of itself or of an organization above it',
    },
    RETIRED_CODE: { description: 'It has codes, or a designation, that are retired or no longer valid' },
    CLOSED_PARENT: { description: 'Its parent is not valid' },
    GAP_IN_VALIDITY: { description: 'It was not valid for some days in between, or is planned not to be' },
    EQUAL_NAMES: { description: 'Another unit under the same parent has its name, letter case aside' },
    IDENTIFIER_TWICE: { description: 'Another unit has one of its identifiers in the same system' },
  } satisfies Record<domain.QualityIssueKind, { description: string }>,
});

const QualityIssue = builder.objectRef<QualityIssueShape>('QualityIssue').implement({
  description: 'Something that may be wrong with a unit, for those who maintain it',
  fields: (t) => ({
    kind: t.field({ type: QualityIssueKind, description: 'What it is', resolve: ({ issue }) => issue.kind }),
    unit: t.field({
      type: Unit,
      description: 'The unit',
      resolve: ({ issue, view }, _args, context) => loadUnit(context, issue.reshId, view),
    }),
    message: t.string({
      description: 'The same in words, with the values and the remedy',
      resolve: ({ issue }) => domain.formatQualityIssue(issue),
    }),
    others: t.field({
      type: [Unit],
      description: `Other units that it is about, by RESH-id, the first ${OTHER_UNITS_LIMIT}: with the same name or identifier, the organization whose number it is, the closed parent as on its last day`,
      resolve: ({ issue, view }, _args, context) =>
        Promise.all(
          issue.otherReshIds
            .filter((reshId) => reshId !== issue.reshId)
            .map((reshId) => loadUnit(context, reshId, view)),
        ),
    }),
  }),
});

async function loadUnit(context: Context, reshId: number, view: View): Promise<UnitAtSnapshot> {
  context.countObjects(1);
  const { unit, outcome } = await lookUpUnit(context, reshId, view);
  if (!unit) throw new Error(`Unit ${reshId} is ${outcome} but a quality issue names it.`);
  return unit;
}

const QualityIssueConnection = declareConnection<QualityIssueShape, EdgeShape<QualityIssueShape>>(
  'QualityIssueConnection',
  'Page of what may be wrong with units, by kind, then RESH-id',
  QualityIssue,
);

interface QualityArguments extends PageArguments {
  readonly within?: number | null | undefined;
  readonly kinds?: readonly domain.QualityIssueKind[] | null | undefined;
}

const issuePositionSchema = z.tuple([z.enum(domain.qualityIssueKinds), z.number().int().min(0).max(2_147_483_647)]);

builder.queryField('qualityIssues', (t) =>
  t.field({
    type: QualityIssueConnection,
    description:
      'What may be wrong with units valid today, as known now, by kind, then RESH-id: one of a kind for a unit',
    args: {
      within: t.arg({ type: 'ReshId', description: 'RESH-id of a unit: only it and what is beneath it' }),
      kinds: t.arg({ type: [QualityIssueKind], description: 'What to look for; everything when left out' }),
      first: t.arg.int({ description: firstDescription(pageLimit) }),
      after: t.arg.string({ description: afterDescription }),
    },
    complexity: heavyPageCost(pageLimit),
    resolve: (_root, args, context) => readQualityIssuePage(context, args),
  }),
);

/**
 * A page of what may be wrong with units today, as known now.
 *
 * @throws LIMIT_EXCEEDED, BAD_INPUT, BAD_CURSOR
 */
async function readQualityIssuePage(context: Context, args: QualityArguments) {
  const query = createSqlClient(context.database.prisma);
  const within = args.within ?? undefined;
  const requestedKinds = args.kinds ?? domain.qualityIssueKinds;
  const kinds = domain.qualityIssueKinds.filter((kind) => requestedKinds.includes(kind));
  return readPage(
    context,
    args,
    {
      key: connectionKey('qualityIssues', within ?? null, kinds),
      view: await currentView(context),
      limit: pageLimit,
      positionSchema: issuePositionSchema,
      toPosition: ({ kind, reshId }: domain.QualityIssue): [domain.QualityIssueKind, number] => [kind, reshId],
      read: ({ revision, day }, first, after) =>
        readQualityIssues(query, {
          ...{ revision, day, within, kinds, first },
          after: after && { kind: after[0], reshId: after[1] },
        }),
      count: ({ revision, day }) => countQualityIssues(query, { revision, day, within, kinds }),
    },
    (issue, view) => ({ node: { issue, view } }),
  );
}
