import { describe, expect, it } from 'vitest';
import { createNewestRevisionReader } from '../../src/store/database/newest-revision-reader.ts';

/** Opens a reader whose statements see what is committed as they begin, and end when the test says so. */
function openReader() {
  const register = { committed: 0, statements: [] as { end: () => void; fail: () => void }[] };
  const read = createNewestRevisionReader(() => {
    const seen = { revision: register.committed, hash: null };
    return new Promise((resolve, reject) => {
      register.statements.push({ end: () => resolve(seen), fail: () => reject(new Error('lost')) });
    });
  });
  return { register, read, statement: (index: number) => expect.poll(() => register.statements[index]).toBeDefined() };
}

describe('a reader of the newest revision', () => {
  it('reads again for calls that come while a statement runs, and shares that statement', async () => {
    const { register, read, statement } = openReader();
    const first = [read(), read()];
    await statement(0);
    register.committed = 1;
    const second = [read(), read(), read()];

    register.statements[0]?.end();
    await statement(1);
    register.statements[1]?.end();

    expect((await Promise.all(first)).map(({ revision }) => revision)).toEqual([0, 0]);
    expect((await Promise.all(second)).map(({ revision }) => revision)).toEqual([1, 1, 1]);
    expect(register.statements.length).toBe(2);
  });

  it('gives an error only to the calls that share the statement', async () => {
    const { register, read, statement } = openReader();
    const failing = Promise.allSettled([read(), read()]);
    await statement(0);
    const later = read();

    register.statements[0]?.fail();
    await statement(1);
    register.statements[1]?.end();

    expect((await failing).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect((await later).revision).toBe(0);
  });
});
