import type { ChangeInputs, MutationName } from '../../../src/domain/plan/change-input.ts';
import type { TestClient } from '../http/client.ts';

/** A mutation that somebody tries, with its input as a client sends it. */
export type Attempt = {
  readonly [Name in MutationName]: { readonly mutation: Name; readonly input: ChangeInputs[Name] };
}[MutationName];

/** What became of it: its payload, or the error at its field. */
export interface AttemptResponse {
  readonly payload: {
    readonly change: { readonly revision: number } | null;
    readonly impact: { readonly unitCount: number } | null;
    readonly userErrors: readonly { readonly code: string; readonly field: readonly string[] | null }[];
  } | null;
  readonly code: string | undefined;
  readonly message: string | undefined;
}

export interface AttemptsResponse {
  readonly status: number;
  readonly responses: readonly AttemptResponse[];
  /** What a field beside them answered */
  readonly neighbour: unknown;
}

/** Sends mutations in one request, each under an alias, and a field beside them. */
export async function sendAttempts(client: TestClient, attempts: readonly Attempt[]): Promise<AttemptsResponse> {
  const alias = (index: number) => `change${index}`;
  const { status, data, errors } = await client.send({
    query: `mutation Try(${attempts.map(({ mutation }, index) => `$${alias(index)}: ${formatInputType(mutation)}`).join(', ')}) {
      ${attempts
        .map(
          ({ mutation }, index) =>
            `${alias(index)}: ${mutation}(input: $${alias(index)}) { change { revision } impact { unitCount } userErrors { code field } }`,
        )
        .join('\n')}
      neighbour: __typename
    }`,
    variables: Object.fromEntries(attempts.map(({ input }, index) => [alias(index), input])),
  });
  // The edge: the document is made here, so that no codegen has typed its answer.
  const payloads = data as Record<string, AttemptResponse['payload']> | null | undefined;
  return {
    status,
    neighbour: (data as { neighbour?: unknown } | null | undefined)?.neighbour,
    responses: attempts.map((_attempt, index) => {
      const error = errors?.find(({ path }) => path?.[0] === alias(index));
      return {
        payload: payloads?.[alias(index)] ?? null,
        code: error?.extensions?.['code'] as string | undefined,
        message: error?.message,
      };
    }),
  };
}

function formatInputType(mutation: string): string {
  return `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input!`;
}
