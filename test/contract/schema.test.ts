import { readFileSync } from 'node:fs';
import { buildSchema, getNamedType, isEnumType, isInputObjectType, isObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../../src/schema/index.ts';
import { formatSchema, listUndefinedDirectives } from '../../src/tools/format-schema.ts';
import { listDescriptionFaults } from './descriptions.ts';

function readContractFile(file: string): string {
  return readFileSync(new URL(file, import.meta.url), 'utf8');
}

const printedSchema = formatSchema(schema);

function listFields(typeName: string): string[] {
  const type = schema.getType(typeName);
  return isObjectType(type) ? Object.keys(type.getFields()).sort() : [];
}

function namedFieldType(typeName: string, field: string): string {
  const type = schema.getType(typeName);
  const found = isObjectType(type) ? type.getFields()[field] : undefined;
  return found ? getNamedType(found.type).name : `no ${typeName}.${field}`;
}

describe('printed schema', () => {
  it('equals schema.graphql', () => {
    expect(readContractFile('../../schema.graphql')).toBe(printedSchema);
  });

  it('parses as a valid schema', () => {
    expect(formatSchema(buildSchema(printedSchema))).toBe(printedSchema);
  });

  it('defines every directive that it uses', () => {
    expect(printedSchema).toMatch(/@oneOf[^]*@specifiedBy/);
    expect(listUndefinedDirectives(printedSchema)).toEqual([]);
    expect(listUndefinedDirectives('directive @a on OBJECT type Query @a @b { old: Int @deprecated }')).toEqual([
      'b',
      'deprecated',
    ]);
  });

  it('defines only directives that it uses', () => {
    expect(formatSchema(buildSchema('type Query { old: Int @deprecated }'))).toMatch(
      /^type Query \{\n {2}old: Int @deprecated\n\}\n\n[^@]*directive @deprecated\([^]*\n$/,
    );
    expect(formatSchema(buildSchema('type Query { name: Int }'))).toBe('type Query {\n  name: Int\n}\n');
  });

  it('repeats every field of Register at the root, but for its id', () => {
    const atRoot = listFields('Query');

    expect(listFields('Register').filter((field) => !atRoot.includes(field))).toEqual(['id']);
  });

  it('has the same fields in all payloads, which one interface declares', () => {
    const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});
    const withoutInterface = mutations
      .map(({ type }) => getNamedType(type))
      .filter((type) => !isObjectType(type) || !type.getInterfaces().some(({ name }) => name === 'ChangePayload'));

    expect(mutations.length).toBeGreaterThan(15);
    expect(withoutInterface).toEqual([]);
  });

  it('offers counts by facet on a search and the matched field on a hit', () => {
    const facets = namedFieldType('UnitSearchConnection', 'facets');

    expect(listFields(facets)).toEqual(expect.arrayContaining(['name', 'values']));
    expect(listFields(namedFieldType(facets, 'values'))).toEqual(['code', 'count', 'label', 'unit']);
    expect(listFields('UnitSearchEdge')).toContain('matched');
  });

  it('names every input type with the suffix Input, with three exceptions', () => {
    const inputs = Object.values(schema.getTypeMap()).filter(isInputObjectType);

    expect(
      inputs
        .map(({ name }) => name)
        .filter((name) => !name.endsWith('Input'))
        .sort(),
    ).toEqual(['TreatmentSiteFilter', 'UnitFilter', 'UnitOrder']);
  });

  it('writes enum values in capitals', () => {
    const values = Object.values(schema.getTypeMap())
      .filter((type) => isEnumType(type) && !type.name.startsWith('__'))
      .flatMap((type) => (isEnumType(type) ? type.getValues().map(({ name }) => name) : []));

    expect(values.filter((value) => !/^[A-Z]+(_[A-Z]+)*$/.test(value))).toEqual([]);
  });
});

describe('descriptions', () => {
  it('exist on every type, field, argument and value and follow one grammar', () => {
    expect(listDescriptionFaults(schema)).toEqual([]);
  });

  it('are reported when missing or outside the grammar', () => {
    const faultySchema = buildSchema(`
      "What can be asked"
      type Query {
        "name in small letters"
        name("Language of the name" language: String, case: Letters): String
        "Says if it is open"
        isOpen: Boolean!
        "Indicates whether it is closed"
        isClosed: Boolean!
        note: String
      }
      "Kind of letters."
      enum Letters { "TODO" SMALL "Capital letters" CAPITAL OTHER }
      input Wish { "What is wished for" wish: String more: String }
    `);

    expect(listDescriptionFaults(faultySchema)).toEqual([
      'Query.name does not begin with a capital letter',
      'Query.name(case:) has no description',
      'Query.isOpen does not begin with "Indicates whether"',
      'Query.note has no description',
      'Letters ends a single sentence with a full stop',
      'Letters.SMALL is not finished',
      'Letters.OTHER has no description',
      'Wish has no description',
      'Wish.more has no description',
    ]);
  });
});
