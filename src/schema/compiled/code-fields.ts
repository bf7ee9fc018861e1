import { parseCodeReference } from '../../domain/unit/code-sets.ts';
import type { CodeRow, UnitCodeRow } from '../../store/read/codes.ts';
import type { CodeCount } from '../../store/snapshot/code-index.ts';
import { isActiveOn } from '../kit/code-activity.ts';
import { leaf, list, object, type CompiledFields } from './field.ts';

export const codeFields: CompiledFields<CodeRow> = {
  codeSet: object((row) => row),
  code: leaf((row) => row.code),
  name: leaf((row) => row.name),
  parent: object(({ codeSet, parentCode }, { snapshot }, tally) => {
    if (parentCode === null) return null;
    tally.objects += 1;
    return snapshot.findCode({ codeSet, code: parentCode }) ?? null;
  }),
  isActive: leaf((row, { snapshot }) => isActiveOn(row, snapshot.at.day)),
  validity: object(({ codeValidFrom, codeValidTo }) =>
    codeValidFrom === null && codeValidTo === null ? null : { from: codeValidFrom, to: codeValidTo },
  ),
  replacedBy: list((row, { snapshot }, tally) => {
    tally.objects += row.replacedBy.length;
    return row.replacedBy.flatMap((reference) => snapshot.findCode(parseCodeReference(reference)) ?? []);
  }),
};

export const codeSetFields: CompiledFields<CodeRow> = {
  number: leaf((row) => row.codeSet),
  oid: leaf((row) => row.setOid),
  name: leaf((row) => row.setName),
};

export const unitCodeFields: CompiledFields<UnitCodeRow> = {
  code: object((row) => row),
  validity: object(({ validFrom, validTo }) => ({ from: validFrom, to: validTo })),
  attributes: list((row, { snapshot }, tally) => {
    tally.objects += row.attributes.length;
    return row.attributes.flatMap((reference) => snapshot.findCode(parseCodeReference(reference)) ?? []);
  }),
};

export const codeCountFields: CompiledFields<CodeCount> = {
  code: object((row, { snapshot }, tally) => {
    tally.objects += 1;
    return snapshot.codes.get(row.reference);
  }),
  count: leaf((row) => row.count),
};
