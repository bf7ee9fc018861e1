import { expect, it } from 'vitest';
import type { MutationName } from '../../src/domain/plan/change-input.ts';
import { listErrorCodes } from '../../src/schema/mutation-errors.ts';
import { MessageCodes } from '../support/contract/message-codes.ts';
import { mutationNames } from '../support/mutations/mutations.ts';

const codes = new MessageCodes();

it.each(mutationNames)('the description of %s lists the codes that its operation can give', (name) => {
  expect(listErrorCodes(name)).toEqual(codes.findReachable(toFile(name), name));
});

function toFile(name: MutationName): string {
  return `src/operations/${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.ts`;
}
