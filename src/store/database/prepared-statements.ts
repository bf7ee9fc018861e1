import { parse, protocol, type messages, type PGlite, type QueryOptions } from '@electric-sql/pglite';
import type { SqlClient } from './sql-client.ts';
import { generateStatementName } from './statement-name.ts';

interface PreparedStatement {
  readonly name: string;
  readonly parameterTypes: readonly number[];
  /** Describes the rows of its results; empty if it returns none */
  readonly description: messages.BackendMessage[];
}

const { serialize } = protocol;

/**
 * Creates a query function of the embedded database that prepares each text once, as `query` of PGlite cannot. Use it
 * within a transaction of PGlite, which keeps other work from the session.
 */
export function createPreparedQuery(client: PGlite, parsers: NonNullable<QueryOptions['parsers']>): SqlClient['query'] {
  const statements = new Map<string, PreparedStatement>();
  const send = (...parts: Uint8Array[]) => client.execProtocolStream(Buffer.concat(parts), { syncToFs: false });

  const prepare = async (text: string): Promise<PreparedStatement> => {
    const name = generateStatementName({ sql: text });
    const answer = await send(
      serialize.parse({ name, text }),
      serialize.describe({ type: 'S', name }),
      serialize.sync(),
    );
    const statement = {
      name,
      parameterTypes: parse.parseDescribeStatementResults(answer),
      description: answer.filter((message) => message.name === 'rowDescription'),
    };
    if (name !== '') statements.set(text, statement);
    return statement;
  };

  return (text, values = []) =>
    client.runExclusive(async () => {
      const { name, parameterTypes, description } = statements.get(text) ?? (await prepare(text));
      const answer = await send(
        serialize.bind({ statement: name, values: values.map((value, n) => toText(client, value, parameterTypes[n])) }),
        serialize.execute({}),
        serialize.sync(),
      );
      const [result] = parse.parseResults([...description, ...answer], client.parsers, { parsers });
      return (result?.rows ?? []) as never;
    });
}

function toText({ serializers }: PGlite, value: unknown, type = 0): string | null {
  if (value === null || value === undefined) return null;
  const serializeValue = serializers[type];
  if (serializeValue) return serializeValue(value);
  // Values of other types, such as enumerations, are text.
  if (typeof value === 'string') return value;
  throw new TypeError(`A value of type ${type} must be text.`);
}
