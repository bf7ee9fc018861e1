import { z } from 'zod';
import { isDay } from '../../domain/time/day.ts';
import { textProblem } from '../../domain/text/text-problem.ts';

// What a place in a page is made of. Cursors come back from clients: nothing in them may be what no row could have.
const integer = z.number().int().min(-2_147_483_647).max(2_147_483_647);
const text = z.string().refine((value) => textProblem(value) === undefined);
const pathText = z.string().regex(/^(\d{10}\/)+$/);

/** Name in Norwegian order, then RESH-id. */
export const namePlace = z.tuple([text, integer]);
/** Path of a descendant, and of the unit whose descendant it is. */
export const pathPlace = z.tuple([pathText, pathText]);
/** Day on which a former child left, then RESH-id. */
export const leavingPlace = z.tuple([z.string().refine(isDay), integer]);
/** Score of a hit, then name, then RESH-id. */
export const scorePlace = z.tuple([integer, text, integer]);
/** Number of a treatment site. */
export const sitePlace = z.tuple([text]);
