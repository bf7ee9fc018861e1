import { z } from 'zod';
import { MAX_INTEGER } from '../../domain/text/max-integer.ts';
import { findTextProblem } from '../../domain/text/text-problem.ts';
import { isDay } from '../../domain/time/day.ts';

// Positions in pages. Cursors come from clients, so a position may only hold what a row can have.
const integer = z.number().int().min(-MAX_INTEGER).max(MAX_INTEGER);
const text = z.string().refine((value) => findTextProblem(value) === undefined);
const pathTextSchema = z.string().regex(/^(\d{10}\/)+$/);

/** Name in Norwegian order, then RESH-id. */
export const namePositionSchema = z.tuple([text, integer]);
/** Path of a descendant, and of the unit at the top of its subtree. */
export const pathPositionSchema = z.tuple([pathTextSchema, pathTextSchema]);
/** First day on which a former child was no longer a child, then RESH-id. */
export const formerChildPositionSchema = z.tuple([z.string().refine(isDay), integer]);
/** Score of a match, then name, then RESH-id. */
export const scorePositionSchema = z.tuple([integer, text, integer]);
/** RESH-id. */
export const reshIdPositionSchema = z.tuple([z.number().int().min(0).max(MAX_INTEGER)]);
/** Number of a treatment site. */
export const sitePositionSchema = z.tuple([text]);
