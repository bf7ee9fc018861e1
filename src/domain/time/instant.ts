import { isDay } from './day.ts';

const INSTANT = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/i;

/** Parses an instant in ISO 8601 with its offset; returns undefined for other text. */
export function parseInstant(text: string): Date | undefined {
  const day = INSTANT.exec(text)?.[1];
  if (day === undefined || !isDay(day)) return undefined;
  const instant = new Date(text);
  return Number.isNaN(instant.getTime()) ? undefined : instant;
}
