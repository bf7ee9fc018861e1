import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { createServer } from '../../../src/server/server.ts';
import { useRegister } from '../../support/registers/use-register.ts';

const register = useRegister();

function get(parameters: Record<string, string>): Response | Promise<Response> {
  const server = createServer({ database: register.database, log: pino({ level: 'silent' }) });
  const search = new URLSearchParams({ query: '{ revision }', ...parameters });
  return server.fetch(`http://127.0.0.1/graphql?${search}`, { headers: { accept: 'application/json' } });
}

describe('parameters of the URL', () => {
  it.each([
    ['variables', '{id: 1}'],
    ['variables', '[1]'],
    ['variables', '1'],
    ['extensions', '{'],
  ])('are refused with their value: %s=%s', async (name, text) => {
    const response = await get({ [name]: text });

    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      errors: [
        {
          message:
            `The parameter \`${name}\` of the URL is "${text}", which is not a JSON object. ` +
            'Send one such as {"id": 108597}, URL-encoded.',
          extensions: { code: 'BAD_INPUT' },
        },
      ],
    });
  });

  it.each([{ variables: '{}' }, { variables: 'null' }, { variables: '' }, { extensions: '{}' }])(
    'are accepted: %j',
    async (parameters) => {
      const response = await get(parameters);

      expect([response.status, await response.json()]).toEqual([
        200,
        { data: { revision: expect.any(Number) as number } },
      ]);
    },
  );
});
