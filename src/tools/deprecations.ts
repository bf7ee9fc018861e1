import {
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  type GraphQLSchema,
} from 'graphql';
import type { SchemaRelease } from './schema-releases.ts';

/** Months from the first release with a deprecation to the day from which the element may be removed, at least. */
const NOTICE_MONTHS = 6;

const removalDay = /; may be removed from (\d{4}-\d{2}-\d{2})$/;

/**
 * Returns the deprecations that break the promise, one line each: those without a reason and a day of removal, and
 * those with a day less than six months after the first release that has them.
 *
 * @param releases oldest first
 */
export function listDeprecationFaults(releases: readonly SchemaRelease[], current: GraphQLSchema): string[] {
  const firstDays = new Map<string, string>();
  for (const { day, schema } of releases)
    for (const { path } of listDeprecations(schema)) if (!firstDays.has(path)) firstDays.set(path, day);
  return listDeprecations(current).flatMap(({ path, reason }) => {
    const day = removalDay.exec(reason)?.[1];
    if (day === undefined) return [`${path}: the reason does not end in "; may be removed from YYYY-MM-DD"`];
    const earliestDay = addMonths(firstDays.get(path), NOTICE_MONTHS);
    return earliestDay !== undefined && day < earliestDay
      ? [`${path}: ${day} is less than ${NOTICE_MONTHS} months after its first release; write ${earliestDay} or later`]
      : [];
  });
}

interface SchemaElement {
  readonly path: string;
  readonly deprecationReason?: string | null | undefined;
}

function listDeprecations(schema: GraphQLSchema): { path: string; reason: string }[] {
  const elements = Object.values(schema.getTypeMap())
    .filter((type) => !isIntrospectionType(type))
    .flatMap((type): SchemaElement[] => {
      if (isEnumType(type)) return type.getValues().map((value) => ({ path: `${type.name}.${value.name}`, ...value }));
      if (isInputObjectType(type))
        return Object.values(type.getFields()).map((field) => ({ path: `${type.name}.${field.name}`, ...field }));
      if (!isObjectType(type) && !isInterfaceType(type)) return [];
      return Object.values(type.getFields()).flatMap((field) => {
        const path = `${type.name}.${field.name}`;
        return [
          { path, ...field },
          ...field.args.map((argument) => ({ path: `${path}(${argument.name}:)`, ...argument })),
        ];
      });
    });
  return elements.flatMap(({ path, deprecationReason: reason }) =>
    typeof reason === 'string' ? [{ path, reason }] : [],
  );
}

function addMonths(day: string | undefined, months: number): string | undefined {
  if (day === undefined) return undefined;
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCMonth(date.getUTCMonth() + months);
  return date.toISOString().slice(0, 10);
}
