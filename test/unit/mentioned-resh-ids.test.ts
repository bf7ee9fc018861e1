import { expect, it } from 'vitest';
import { MentionedReshIds } from '../../src/domain/unit/mentioned-resh-ids.ts';

function mention(...reshIds: number[]): MentionedReshIds {
  const mentioned = new MentionedReshIds();
  for (const reshId of reshIds) mentioned.add(reshId);
  return mentioned;
}

it.each([
  [0, 0],
  [9, 7],
  [10, 40],
  [99_999, 5_000],
  [1_000_000_000, 2_000_000_000],
])('reserves no RESH-id with more digits than the greatest in use: %s reserves up to %s', (greatest, reserved) => {
  const mentioned = mention(7, 3, 40, 12);
  mentioned.addAll(mention(5_000, 6, 2_000_000_000));

  expect(mentioned.findGreatestToReserve(greatest)).toBe(reserved);
});
