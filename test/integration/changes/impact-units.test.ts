import { describe, expect, it } from 'vitest';
import { createStatementCounter, readStatementName } from '../../support/database/statement-counter.ts';
import { openTestDatabase } from '../../support/database/database.ts';
import { graphql } from '../../support/generated/gql.ts';
import type { ReorganizeInPagesMutationVariables, ReorganizeStepInput } from '../../support/generated/graphql.ts';
import { createClient, listErrors, type TestClient } from '../../support/http/client.ts';
import { expectAccepted, expectRevision } from '../../support/mutations/change-assertions.ts';
import { homeClinic, useChangingWorld } from '../../support/world/changing-world.ts';
import { buildWorld, numbers, subjects, units, worldDay } from '../../support/world/world.ts';

const world = useChangingWorld();

function operatorClient(database = world.database): TestClient {
  return createClient(database, { as: subjects.operator, today: worldDay });
}

const reorganizeInPages = graphql(`
  mutation ReorganizeInPages($input: ReorganizeInput!, $first: Int, $after: String) {
    reorganize(input: $input) {
      change {
        revision
      }
      impact {
        unitCount
        units(first: $first, after: $after) {
          totalCount
          pageInfo {
            hasNextPage
            endCursor
          }
          nodes {
            reshId
            key
            kinds
            effectiveOn
            unit {
              __typename
              reshId
              name
              type
              path
              displayName
              designation {
                name
              }
              treatmentSite {
                name
              }
              validity {
                from
                to
              }
              seenOn
              parent {
                __typename
                reshId
                name
              }
            }
            fields {
              ...ChangedField
              before {
                parent {
                  __typename
                  name
                }
              }
              after {
                parent {
                  __typename
                  name
                }
              }
            }
          }
        }
      }
      userErrors {
        message
      }
    }
  }
`);

async function reorganize(variables: ReorganizeInPagesMutationVariables, client = operatorClient()) {
  const { reorganize: payload } = await client.query(reorganizeInPages, variables);
  expect(payload?.userErrors).toEqual([]);
  if (!payload?.impact) throw new Error('There is no impact.');
  return { revision: payload.change?.revision, ...payload.impact };
}

/** Returns steps that create wards, each with a key. */
function createWards(count: number): ReorganizeStepInput[] {
  return Array.from({ length: count }, (_, n) => ({
    createDepartment: { key: `ward ${n}`, name: `Ward ${n}`, parent: { reshId: homeClinic } },
  }));
}

describe('units of a dry run', () => {
  it('are paged through when there are more than a hundred, new ones with the keys of their steps', async () => {
    const steps = createWards(120);
    const nodes: Awaited<ReturnType<typeof reorganize>>['units']['nodes'] = [];
    let after: string | null = null;

    do {
      const { unitCount, units: page } = await reorganize({ input: { steps, dryRun: true }, first: 50, after });
      expect([unitCount, page.totalCount]).toEqual([120, 120]);
      nodes.push(...page.nodes);
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after !== null);

    expect(nodes.map(({ key }) => key)).toEqual(steps.map((_, n) => `ward ${n}`));
    expect(nodes[119]).toMatchObject({
      kinds: ['OPENED'],
      effectiveOn: worldDay,
      unit: {
        __typename: 'PlannedUnit',
        reshId: nodes[119]?.reshId,
        name: 'Ward 119',
        type: 'DEPARTMENT',
        path: [units.north, units.northTrust, homeClinic, nodes[119]?.reshId],
        validity: { from: worldDay, to: null },
        parent: { __typename: 'Unit', reshId: homeClinic, name: 'secondClinic' },
      },
    });
  });

  it('refuse a text that is no cursor before a change is committed', async () => {
    const before = await world.readNewestRevision();

    const response = await operatorClient().execute(reorganizeInPages, {
      input: { steps: createWards(2) },
      first: 1,
      after: 'no cursor',
    });

    expect(listErrors(response)?.map((error) => (error as unknown[])[0])).toEqual(['BAD_CURSOR']);
    expect(await world.readNewestRevision()).toBe(before);
  });

  it('refuse a cursor of another plan', async () => {
    const { units: page } = await reorganize({ input: { steps: createWards(3), dryRun: true }, first: 1 });

    const response = await operatorClient().execute(reorganizeInPages, {
      input: { steps: createWards(2), dryRun: true },
      first: 1,
      after: page.pageInfo.endCursor,
    });

    expect(listErrors(response)?.map((error) => (error as unknown[])[0])).toEqual(['BAD_CURSOR']);
  });

  it('refuse a cursor when the register has changed since its page', async () => {
    const variables = { input: { steps: createWards(3), dryRun: true }, first: 1 };
    const { units: page } = await reorganize(variables);
    await world.department('Another', homeClinic);

    const response = await operatorClient().execute(reorganizeInPages, {
      ...variables,
      after: page.pageInfo.endCursor,
    });

    expect(listErrors(response)?.map((error) => (error as unknown[])[0])).toEqual(['BAD_CURSOR']);
  });

  it('are shown as the plan leaves them, under parents that it creates or renames', async () => {
    const ward = await world.department('Ward', homeClinic);
    const steps: ReorganizeStepInput[] = [
      { updateUnit: { unit: { reshId: homeClinic }, name: 'Renamed', shortName: 'R', designation: '01' } },
      {
        createDepartment: {
          key: 'center',
          name: 'Center',
          parent: { reshId: homeClinic },
          treatmentSite: numbers.site,
        },
      },
      { createDepartment: { key: 'office', name: 'Office', parent: { key: 'center' } } },
      { moveUnit: { unit: { reshId: ward }, newParent: { key: 'office' } } },
    ];

    const { units: page } = await reorganize({ input: { steps, dryRun: true, effectiveOn: '2027-01-01' } });

    const nodes = new Map(page.nodes.map((node) => [node.unit?.name, node]));
    const [center, office] = [nodes.get('Center')?.reshId, nodes.get('Office')?.reshId];
    expect(nodes.get('Renamed')).toMatchObject({
      key: null,
      unit: { __typename: 'PlannedUnit', displayName: 'R', designation: { name: 'Sykehus' }, seenOn: '2027-01-01' },
    });
    expect(nodes.get('Center')).toMatchObject({
      key: 'center',
      unit: { treatmentSite: { name: 'Site' }, parent: { __typename: 'PlannedUnit', name: 'Renamed' } },
    });
    expect(nodes.get('Office')).toMatchObject({ key: 'office', unit: { parent: { reshId: center, name: 'Center' } } });
    expect(nodes.get('Ward')).toMatchObject({
      key: null,
      kinds: ['MOVED'],
      unit: {
        __typename: 'PlannedUnit',
        path: [units.north, units.northTrust, homeClinic, center, office, ward],
        validity: { from: '2020-01-01', to: null },
      },
      fields: [
        {
          field: 'PARENT',
          before: { parentReshId: homeClinic, parent: { __typename: 'Unit', name: 'secondClinic' } },
          after: { parentReshId: office, parent: { __typename: 'PlannedUnit', name: 'Office' } },
        },
      ],
    });
  });

  it('are shown on their last day if they close, and as known before if they are withdrawn', async () => {
    const [closed, mistake] = [
      await world.department('Closed', homeClinic),
      await world.department('Mistake', homeClinic),
    ];
    const operator = world.as('operator');

    const closing = expectAccepted(
      await operator.closeUnit({ reshId: closed, effectiveOn: '2027-01-01', dryRun: true }),
    );
    const withdrawal = expectAccepted(await operator.withdrawUnit({ reshId: mistake, dryRun: true }));

    expect(closing.impactUnits).toMatchObject([
      { unit: { name: 'Closed', seenOn: '2026-12-31', validity: { from: '2020-01-01', to: '2027-01-01' } } },
    ]);
    expect(withdrawal.impactUnits).toMatchObject([{ unit: { name: 'Mistake', seenOn: '2020-01-01' } }]);
  });

  it('take as many statements for a hundred units as for four', async () => {
    const counter = createStatementCounter();
    const database = await openTestDatabase({ observe: counter.observe });
    try {
      await buildWorld(database);
      const client = operatorClient(database);
      const steps: ReorganizeStepInput[] = [
        ...createWards(110),
        { moveUnit: { unit: { reshId: units.ward }, newParent: { key: 'ward 1' } } },
        { moveUnit: { unit: { reshId: units.siblingClinic }, newParent: { reshId: homeClinic } } },
      ];
      const recordStatements = async (input: object, first: number) => {
        const { result, statements } = await counter.during(() =>
          reorganize({ input: { steps, ...input }, first }, client),
        );
        expect(result.units.nodes).toHaveLength(first);
        return statements.map(readStatementName);
      };
      const expectSameStatements = async (input: object) => {
        const [many, few] = [await recordStatements(input, 112), await recordStatements(input, 4)];
        expect(new Set(many)).toEqual(new Set(few));
        // Replies that arrive at different times can split a batch in two.
        expect(many.length).toBeLessThanOrEqual(few.length + 2);
      };

      await expectSameStatements({ dryRun: true });
      await reorganize({ input: { steps, idempotencyKey: 'counted' } }, client);
      await expectSameStatements({ idempotencyKey: 'counted' });
    } finally {
      await database.close();
    }
  });
});

const restOfChange = graphql(`
  query RestOfChange($revision: Revision!, $after: String) {
    change(revision: $revision) {
      units(first: 100, after: $after) {
        nodes {
          reshId
        }
      }
    }
  }
`);

describe('units of a committed change', () => {
  it('are paged through by repeating the request, or in the change', async () => {
    const input = { steps: createWards(110), idempotencyKey: 'in pages' };

    const first = await reorganize({ input, first: 5 });
    const second = await reorganize({ input, first: 50, after: first.units.pageInfo.endCursor });
    const { change } = await operatorClient().query(restOfChange, {
      revision: first.revision ?? 0,
      after: second.units.pageInfo.endCursor,
    });

    expect([first.unitCount, second.unitCount, second.units.totalCount]).toEqual([110, 110, 110]);
    expect(second.revision).toBe(first.revision);
    expect([...first.units.nodes, ...second.units.nodes].map(({ key }) => key)).toEqual(
      Array.from({ length: 55 }, (_, n) => `ward ${n}`),
    );
    expect(second.units.nodes[0]).toMatchObject({ unit: { __typename: 'Unit', name: 'Ward 5' } });
    expect(change?.units.nodes).toHaveLength(55);
    expect(change?.units.nodes[0]?.reshId).toBe((second.units.nodes.at(-1)?.reshId ?? 0) + 1);
  });

  it('are read from the register when an older version has stored the response', async () => {
    const input = { steps: createWards(2), idempotencyKey: 'stored by an older version' };
    const first = await reorganize({ input });
    await world.database.bulk((session) =>
      session.execute(
        `update idempotency_key
         set response = jsonb_set(response, '{impact}', (response -> 'impact') - 'keyedUnits' ||
           '{"units": [{"reshId": 1, "kinds": ["OPENED"], "fields": [{"field": "name", "old": null, "new": "Ward"}]}]}')
         where key = 'stored by an older version'`,
      ),
    );

    const repeated = await reorganize({ input });

    expect(first.units.nodes.map(({ key }) => key)).toEqual(['ward 0', 'ward 1']);
    expect(repeated).toEqual({
      ...first,
      units: { ...first.units, nodes: first.units.nodes.map((node) => ({ ...node, key: null })) },
    });
  });

  it('have live ids if they take effect today', async () => {
    const reshId = await world.department('Live', homeClinic);
    const { data } = await operatorClient().send({
      query: `mutation {
        updateUnit(input: { reshId: ${reshId}, name: "Alive" }) {
          unit { id }
          impact { units { nodes { unit { ... on Unit { id } } } } }
        }
      }`,
    });

    const { updateUnit } = data as {
      updateUnit: { unit: { id: string }; impact: { units: { nodes: readonly { unit: object }[] } } };
    };
    expect(updateUnit.impact.units.nodes).toEqual([{ unit: updateUnit.unit }]);
  });
});

const fieldsOfChange = graphql(`
  query FieldsOfChange($revision: Revision!) {
    change(revision: $revision) {
      units {
        nodes {
          fields {
            ...ChangedField
          }
        }
      }
    }
  }
`);

const noValue = {
  text: null,
  type: null,
  parentReshId: null,
  organizationNumber: null,
  designation: null,
  treatmentSite: null,
  codes: null,
  identifiers: null,
  internationalNames: null,
  addresses: null,
  contactPoints: null,
};

async function readFields(revision: number) {
  const { change } = await operatorClient().query(fieldsOfChange, { revision });
  return change?.units.nodes.flatMap(({ fields }) => fields);
}

describe('fields of a change', () => {
  it('have each value in the member of its type', async () => {
    const operator = world.as('operator');
    const reshId = await world.organization('Hospital', units.north, numbers.unregistered);

    const revision = expectRevision(
      await operator.updateUnit({
        reshId,
        name: 'Clinic',
        shortName: 'C',
        organizationNumber: null,
        designation: '01',
        responsiblePerson: 'Kari Eksempel',
        internationalNames: [{ language: 'en', name: 'Clinic' }],
        addresses: [{ type: 'POSTAL', lines: ['Postboks 1'], postalCode: '6003', city: 'Ålesund' }],
        contactPoints: [{ type: 'EMAIL', value: 'post@example.org' }],
      }),
    );

    const address = { type: 'POSTAL', lines: ['Postboks 1'], postalCode: '6003', city: 'Ålesund', country: null };
    expect(await readFields(revision)).toEqual([
      { field: 'NAME', before: { ...noValue, text: 'Hospital' }, after: { ...noValue, text: 'Clinic' } },
      { field: 'SHORT_NAME', before: null, after: { ...noValue, text: 'C' } },
      { field: 'DESIGNATION', before: null, after: { ...noValue, designation: { code: '01' } } },
      {
        field: 'ORGANIZATION_NUMBER',
        before: { ...noValue, organizationNumber: numbers.unregistered },
        after: null,
      },
      { field: 'RESPONSIBLE_PERSON', before: null, after: { ...noValue, text: 'Kari Eksempel' } },
      {
        field: 'INTERNATIONAL_NAMES',
        before: null,
        after: { ...noValue, internationalNames: [{ language: 'en', name: 'Clinic' }] },
      },
      { field: 'ADDRESSES', before: null, after: { ...noValue, addresses: [address] } },
      {
        field: 'CONTACT_POINTS',
        before: null,
        after: { ...noValue, contactPoints: [{ type: 'EMAIL', value: 'post@example.org' }] },
      },
    ]);
  });

  it('have parents, sites, codes and identifiers as objects', async () => {
    const operator = world.as('operator');
    const reshId = await world.department('Ward', homeClinic);
    const change = { reshId, effectiveOn: '2027-01-01' };

    const moved = expectRevision(await operator.moveUnit({ ...change, newParentReshId: units.siblingClinic }));
    const connected = expectRevision(
      await operator.connectTreatmentSite({ ...change, organizationNumber: numbers.site }),
    );
    const identified = expectRevision(await operator.setIdentifier({ ...change, system: 'urn:test', value: 'T1' }));
    const coded = expectRevision(
      await operator.updateUnitCodes({
        ...change,
        add: [{ codeSet: 8451, code: '020', attributes: [{ codeSet: 8451, code: '010' }] }],
      }),
    );

    const surgery = { code: '010', codeSet: { number: 8451 } };
    expect(await readFields(moved)).toEqual([
      {
        field: 'PARENT',
        before: { ...noValue, parentReshId: homeClinic },
        after: { ...noValue, parentReshId: units.siblingClinic },
      },
    ]);
    expect(await readFields(connected)).toEqual([
      {
        field: 'TREATMENT_SITE',
        before: null,
        after: { ...noValue, treatmentSite: { organizationNumber: numbers.site } },
      },
    ]);
    expect(await readFields(identified)).toEqual([
      { field: 'IDENTIFIERS', before: null, after: { ...noValue, identifiers: [{ system: 'urn:test', value: 'T1' }] } },
    ]);
    expect(await readFields(coded)).toEqual([
      {
        field: 'CODES',
        before: null,
        after: {
          ...noValue,
          codes: [{ code: { code: '020', codeSet: { number: 8451 } }, attributes: [surgery] }],
        },
      },
    ]);
  });
});
