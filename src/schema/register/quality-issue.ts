import { z } from 'zod';
import type { Context } from '../../context.ts';
import { MAX_INTEGER } from '../../domain/text/max-integer.ts';
import { describeQualityIssue } from '../../domain/plan/messages/quality-issues.ts';
import * as domain from '../../domain/unit/quality-issue.ts';
import { createSqlClient } from '../../store/database/prisma-sql-client.ts';
import { countQualityIssues, OTHER_UNITS_LIMIT, readQualityIssues } from '../../store/read/quality-issues.ts';
import { builder } from '../kit/builder.ts';
import { declareConnection, type EdgeShape } from '../kit/connection.ts';
import { connectionKey } from '../kit/cursor.ts';
import { pageLimit } from '../kit/limits.ts';
import { lookUpUnit } from '../kit/lookup.ts';
import { messageFields } from '../kit/messages.ts';
import { afterDescription, firstDescription, heavyPageCost, readPage, type PageArguments } from '../kit/page.ts';
import { Unit } from '../kit/refs.ts';
import type { UnitAtSnapshot, View } from '../kit/view.ts';
import { addRegisterFields } from './register-fields.ts';

interface QualityIssueShape {
  readonly issue: domain.QualityIssue;
  readonly view: View;
}

const QualityIssueKind = builder.enumType('QualityIssueKind', {
  description: 'Kind of possible problem with a unit',
  values: {
    NO_TREATMENT_SITE: {
      description: 'The unit has service codes but no treatment site (behandlingssted) of its own',
    },
    SITE_IS_ENTERPRISE_NUMBER: {
      description: 'The treatment site has the organization number of the unit itself or of an organization above it',
    },
    RETIRED_CODE: { description: 'The unit has codes, or a designation, that are retired or no longer valid' },
    CLOSED_PARENT: { description: 'The parent of the unit is not valid' },
    GAP_IN_VALIDITY: { description: 'The validity of the unit has a gap, past or planned' },
    DUPLICATE_NAME: { description: 'Another unit under the same parent has the same name; letter case is ignored' },
    DUPLICATE_IDENTIFIER: { description: 'Another unit has the same identifier in the same system' },
  } satisfies Record<domain.QualityIssueKind, { description: string }>,
});

const QualityIssue = builder.objectRef<QualityIssueShape>('QualityIssue').implement({
  description: 'Possible problem with a unit, for its administrators',
  fields: (t) => ({
    kind: t.field({ type: QualityIssueKind, description: 'Kind of problem', resolve: ({ issue }) => issue.kind }),
    unit: t.field({
      type: Unit,
      description: 'Unit with the problem',
      resolve: ({ issue, view }, _args, context) => loadUnit(context, issue.reshId, view),
    }),
    ...messageFields(t, ({ issue }) => describeQualityIssue(issue)),
    others: t.field({
      type: [Unit],
      description:
        `Other units involved, by RESH-id, at most ${OTHER_UNITS_LIMIT}: units with the same name or identifier, ` +
        'the organization with the number, or the closed parent as on its last day',
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
  'Page of possible problems with units, by kind, then RESH-id',
  QualityIssue,
);

interface QualityArguments extends PageArguments {
  readonly withinReshId?: number | null | undefined;
  readonly kinds?: readonly domain.QualityIssueKind[] | null | undefined;
}

/** Names of kinds in cursors where they differ: a cursor outlives the renaming of a kind. */
const firstNames: Partial<Record<domain.QualityIssueKind, string>> = {
  NO_TREATMENT_SITE: 'CLINICAL_WITHOUT_SITE',
  DUPLICATE_NAME: 'EQUAL_NAMES',
  DUPLICATE_IDENTIFIER: 'IDENTIFIER_TWICE',
};
const kindByCursorName = new Map(domain.qualityIssueKinds.map((kind) => [toCursorName(kind), kind]));

function toCursorName(kind: domain.QualityIssueKind): string {
  return firstNames[kind] ?? kind;
}

const issuePositionSchema = z.tuple([z.enum([...kindByCursorName.keys()]), z.number().int().min(0).max(MAX_INTEGER)]);

addRegisterFields((t, findRegister) => ({
  qualityIssues: t.field({
    type: QualityIssueConnection,
    description:
      'Possible problems with the units valid on the day, by kind, then RESH-id; at most one of each kind for a unit',
    args: {
      withinReshId: t.arg({
        type: 'ReshId',
        description: 'RESH-id of a unit: includes only the unit and the units under it',
      }),
      kinds: t.arg({ type: [QualityIssueKind], description: 'Kinds of problem to include; all if omitted' }),
      first: t.arg.int({ description: firstDescription(pageLimit) }),
      after: t.arg.string({ description: afterDescription }),
    },
    complexity: heavyPageCost(pageLimit),
    resolve: async (parent, args, context) =>
      readQualityIssuePage(context, args, (await findRegister(parent, context)).view),
  }),
}));

/**
 * Reads a page of possible problems with the units valid on a view's day.
 *
 * @throws LIMIT_EXCEEDED, BAD_INPUT, BAD_CURSOR
 */
async function readQualityIssuePage(context: Context, args: QualityArguments, registerView: View) {
  const client = createSqlClient(context.database.prisma);
  const within = args.withinReshId ?? undefined;
  const requestedKinds = args.kinds ?? domain.qualityIssueKinds;
  const kinds = domain.qualityIssueKinds.filter((kind) => requestedKinds.includes(kind));
  return readPage(
    context,
    args,
    {
      key: connectionKey('qualityIssues', within ?? null, kinds.map(toCursorName)),
      view: registerView,
      limit: pageLimit,
      positionSchema: issuePositionSchema,
      toPosition: ({ kind, reshId }: domain.QualityIssue): [string, number] => [toCursorName(kind), reshId],
      read: ({ revision, day }, first, after) => {
        const [name = '', reshId = 0] = after ?? [];
        const kind = kindByCursorName.get(name);
        return readQualityIssues(client, { revision, day, within, kinds, first, after: kind && { kind, reshId } });
      },
      count: ({ revision, day }) => countQualityIssues(client, { revision, day, within, kinds }),
    },
    (issue, view) => ({ node: { issue, view } }),
  );
}
