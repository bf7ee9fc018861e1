import type { ChangeInputs, MutationName } from '../../src/domain/plan/change-input.ts';
import type { TestClient } from './client.ts';

/** A mutation that somebody tries, with its input as a client sends it. */
export type Attempt = {
  readonly [Name in MutationName]: { readonly mutation: Name; readonly input: ChangeInputs[Name] };
}[MutationName];

/** What became of it: its payload, or the error at its field. */
export interface AttemptAnswer {
  readonly payload: {
    readonly change: { readonly revision: number } | null;
    readonly impact: { readonly unitCount: number } | null;
    readonly userErrors: readonly { readonly code: string; readonly field: readonly string[] | null }[];
  } | null;
  readonly code: string | undefined;
  readonly message: string | undefined;
}

export interface AttemptsAnswer {
  readonly status: number;
  readonly answers: readonly AttemptAnswer[];
  /** What a field beside them answered */
  readonly neighbour: unknown;
}

const inputType = (mutation: string): string => `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input!`;

/** Sends mutations in one request, each under an alias, and a field beside them. */
export const tryAll = async (client: TestClient, attempts: readonly Attempt[]): Promise<AttemptsAnswer> => {
  const alias = (place: number) => `change${place}`;
  const { status, data, errors } = await client.send({
    query: `mutation Try(${attempts.map(({ mutation }, place) => `$${alias(place)}: ${inputType(mutation)}`).join(', ')}) {
      ${attempts
        .map(
          ({ mutation }, place) =>
            `${alias(place)}: ${mutation}(input: $${alias(place)}) { change { revision } impact { unitCount } userErrors { code field } }`,
        )
        .join('\n')}
      neighbour: __typename
    }`,
    variables: Object.fromEntries(attempts.map(({ input }, place) => [alias(place), input])),
  });
  // The edge: the document is made here, so that no codegen has typed its answer.
  const payloads = data as Record<string, AttemptAnswer['payload']> | null | undefined;
  return {
    status,
    neighbour: (data as { neighbour?: unknown } | null | undefined)?.neighbour,
    answers: attempts.map((_attempt, place) => {
      const error = errors?.find(({ path }) => path?.[0] === alias(place));
      return {
        payload: payloads?.[alias(place)] ?? null,
        code: error?.extensions?.['code'] as string | undefined,
        message: error?.message,
      };
    }),
  };
};
