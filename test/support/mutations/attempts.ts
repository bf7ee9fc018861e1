import type { ChangeInputs, MutationName } from '../../../src/domain/plan/change-input.ts';
import type { TestClient } from '../http/client.ts';

/** A mutation and its input, as a client sends it. */
export type Attempt = {
  readonly [Name in MutationName]: { readonly mutation: Name; readonly input: ChangeInputs[Name] };
}[MutationName];

/** Result of an attempt: its payload, or the error at its field. */
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
  /** Response of a field next to them */
  readonly neighbour: unknown;
}

/** Sends mutations in one request, each under an alias, with another field next to them. */
export async function sendAttempts(client: TestClient, attempts: readonly Attempt[]): Promise<AttemptsResponse> {
  const alias = (index: number) => `change${index}`;
  const variables = attempts.map(({ mutation }, index) => `$${alias(index)}: ${formatInputType(mutation)}`);
  const fields = attempts.map(
    ({ mutation }, index) =>
      `${alias(index)}: ${mutation}(input: $${alias(index)}) {
        change { revision }
        impact { unitCount }
        userErrors { code field }
      }`,
  );
  const { status, data, errors } = await client.send({
    query: `mutation Try(${variables.join(', ')}) {
      ${fields.join('\n')}
      neighbour: __typename
    }`,
    variables: Object.fromEntries(attempts.map(({ input }, index) => [alias(index), input])),
  });
  // The document is built here, so codegen has not typed its response.
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
