import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Kind, parse, visit, type DocumentNode } from 'graphql';
import { describe, expect, it } from 'vitest';
import { examples } from '../../../src/explorer/examples.ts';
import { findCostError } from '../../../src/schema/kit/cost.ts';
import { schema } from '../../../src/schema/index.ts';

const docs = new URL('../../../docs/', import.meta.url);
const pages = readdirSync(fileURLToPath(docs), { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.md'),
);
const documented = pages.flatMap((page) =>
  [...readFileSync(new URL(page, docs), 'utf8').matchAll(/^```graphql\n(.*?)^```/gms)].map(
    ([, query = ''], index) => [`${page}, example ${index + 1}`, query] as const,
  ),
);

/** Returns a document without the sizes of its pages. */
function withDefaultPages(document: DocumentNode): DocumentNode {
  return visit(document, { Argument: (argument) => (argument.name.value === 'first' ? null : undefined) });
}

describe('documented operations with pages of the default size', () => {
  it('are many', () => {
    expect(documented.length).toBeGreaterThan(30);
    expect(examples.length).toBeGreaterThan(5);
  });

  it.each([...documented, ...examples.map(({ file, query }) => [file, query] as const)])(
    'are within the limits: %s',
    (_name, query) => {
      const document = withDefaultPages(parse(query));
      for (const operation of document.definitions)
        if (operation.kind === Kind.OPERATION_DEFINITION)
          expect(
            findCostError({
              schema,
              document,
              operationName: operation.name?.value ?? null,
              variableValues: { ids: [], reshIds: [], items: [] },
            })?.message,
          ).toBeUndefined();
    },
  );
});
