import type { UpdateUnitInput } from '../domain/change-input.ts';
import { DESIGNATION_CODE_SET } from '../domain/code-sets.ts';
import { TextReader } from '../domain/input-text.ts';
import { applyFacts, applyOrganizationNumber, readFacts } from '../domain/plan-facts.ts';
import { notFound, versionOn } from '../domain/plan-place.ts';
import { designationErrors, numberErrors } from '../domain/plan-references.ts';
import { endOfFact } from '../domain/timeline.ts';
import { readKnownCodes, readNumberHolders } from '../store/change-reader.ts';
import { change, type OperationContext } from './change.ts';
import { loadDraft } from './load-draft.ts';

/** Sets facts of a unit from a day on; what is absent from the input is kept, null clears. */
export const updateUnit = (context: OperationContext, input: UpdateUnitInput) =>
  change(context, 'updateUnit', input, async ({ tx, day, revision }) => {
    const { reshId, organizationNumber } = input;
    const draft = await loadDraft(tx, [reshId]);
    const plan = { draft, shown: { unit: { reshId, day, revision } } };
    const texts = new TextReader();
    const facts = readFacts(input, texts);
    draft.errors.push(...texts.errors);
    const unit = draft.unit(reshId);
    if (!unit) {
      draft.errors.push(notFound(reshId, 'reshId'));
      return plan;
    }
    const found = versionOn(reshId, unit.versions, day);
    if ('error' in found) {
      draft.errors.push(found.error);
      return plan;
    }
    const { designationCode } = facts;
    if (typeof designationCode === 'string' && designationCode !== found.row.designationCode) {
      const known = await readKnownCodes(tx, [{ codeSet: DESIGNATION_CODE_SET, code: designationCode }]);
      draft.errors.push(...designationErrors(known, designationCode, day));
    }
    if (typeof organizationNumber === 'string') {
      const end = endOfFact(unit.versions, day, (row) => row.organizationNumber);
      const holders = await readNumberHolders(tx, organizationNumber);
      draft.errors.push(...numberErrors(organizationNumber, holders, reshId, { from: day, to: end?.to ?? null }));
    }
    if (draft.errors.length > 0) return plan;
    applyFacts(draft, reshId, day, facts);
    if (organizationNumber !== undefined) applyOrganizationNumber(draft, reshId, day, organizationNumber);
    return plan;
  });
