import type { Context } from '../../context.ts';
import type { Day } from '../../domain/time/day.ts';
import { clientError } from '../../errors/client-error.ts';
import { createSqlClient } from '../../store/database/prisma-sql-client.ts';
import { readChangePoints } from '../../store/read/differences.ts';
import { changePointLimit, changePointYears, heavyCost } from '../kit/limits.ts';
import { addRegisterFields } from './register-fields.ts';

interface Interval {
  readonly from: Day;
  readonly to: Day;
}

addRegisterFields((t, findRegister) => ({
  changePoints: t.field({
    type: ['Date'],
    description:
      'Days on which the register differs from the day before, as known at its revision, oldest first: the days for ' +
      `which \`diff\` from the day before returns units, at most ${changePointLimit}`,
    args: {
      withinReshId: t.arg({
        type: 'ReshId',
        description: 'RESH-id of a unit: includes only the unit, the units under it, and units that entered or left it',
      }),
      from: t.arg({ type: 'Date', required: true, description: 'First day of the interval' }),
      to: t.arg({
        type: 'Date',
        required: true,
        description: `Last day of the interval, at most ${changePointYears} years later`,
      }),
    },
    complexity: { field: heavyCost, multiplier: 50 },
    resolve: async (parent, { withinReshId, from, to }, context) => {
      const { revision } = (await findRegister(parent, context)).view;
      return findChangePoints(context, { from, to }, { revision, within: withinReshId ?? undefined });
    },
  }),
}));

/**
 * Finds the days on which the register, or the part of it within a unit, differs from the day before.
 *
 * @throws BAD_INPUT, LIMIT_EXCEEDED
 */
async function findChangePoints(
  context: Context,
  interval: Interval,
  { revision, within }: { readonly revision: number; readonly within: number | undefined },
): Promise<Day[]> {
  checkInterval(interval);
  const client = createSqlClient(context.database.prisma);
  const days = await readChangePoints(client, { ...interval, revision, within }, changePointLimit + 1);
  if (days.length > changePointLimit)
    throw clientError(
      'LIMIT_EXCEEDED',
      `From ${interval.from} to ${interval.to} there are more than ${changePointLimit} days of change: ` +
        `${changePointLimit} are reached on ${days[changePointLimit - 1]}. ` +
        'Ask for a shorter interval, or give `withinReshId`.',
    );
  context.countObjects(days.length);
  return days;
}

function checkInterval(interval: Interval): void {
  const { from, to } = interval;
  if (from > to) throw clientError('BAD_INPUT', `\`from\` is ${from}, after \`to\`, which is ${to}: swap them.`);
  if (isTooLong(interval))
    throw clientError(
      'LIMIT_EXCEEDED',
      `From ${from} to ${to} is more than ${changePointYears} years, the longest interval allowed. ` +
        'Ask for a part at a time.',
    );
}

function isTooLong({ from, to }: Interval): boolean {
  const years = Number(to.slice(0, 4)) - Number(from.slice(0, 4));
  return years > changePointYears || (years === changePointYears && to.slice(4) > from.slice(4));
}
