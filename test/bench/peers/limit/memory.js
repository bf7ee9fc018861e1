/** Reads the tree into objects, and returns a function that writes the answer to a query as JSON. */
export async function createMemoryAnswers(pool) {
  const units = await readUnits(pool);
  const treeOrder = linkTree(units);
  const placesByCode = groupPlacesByCode(treeOrder);

  const listSubtree = ({ id }) => {
    const { place, size } = units.get(id);
    return { subtree: treeOrder.slice(place, place + size).map(toFlat) };
  };
  const answers = {
    Q1: ({ id }) => {
      const unit = units.get(id);
      const { name, kind, orgNumber } = unit;
      return { unit: { id, name, kind, orgNumber, specialties: toSpecialties(unit), parent: toParents(unit.parent) } };
    },
    Q2: ({ id }) => ({ unit: toChildren(units.get(id), 4) }),
    Q3: listSubtree,
    Q3L: listSubtree,
    Q4: ({ id }) => ({ subtreeCodeCounts: countCodes(placesByCode, units.get(id)) }),
    Q5: ({ ids }) => ({
      units: ids.map((id) => {
        const unit = units.get(id);
        const { name, site } = unit;
        return { id, name, enterprise: toReference(findEnterprise(unit)), region: toReference(findRoot(unit)), site };
      }),
    }),
  };
  return (name, variables) => JSON.stringify({ data: answers[name](variables) });
}

async function readUnits(pool) {
  const { rows } = await pool.query(`
    select u.id, u.parent_id, u.name, u.kind, u.org_number, s.number as site_number, s.name as site_name,
      array(select code from unit_specialty c where c.unit_id = u.id order by code) as codes
    from org_unit u
    left join treatment_site s on s.number = u.site_number
    order by u.id
  `);
  return new Map(
    rows.map((row) => [
      row.id,
      {
        id: row.id,
        parentId: row.parent_id,
        name: row.name,
        kind: row.kind,
        orgNumber: row.org_number,
        site: row.site_number && { number: row.site_number, name: row.site_name },
        codes: row.codes,
        parent: null,
        children: [],
        place: 0,
        size: 1,
      },
    ]),
  );
}

/** Links parents and children, and returns the units in tree order, so that a subtree is a range. */
function linkTree(units) {
  for (const unit of units.values()) {
    if (unit.parentId === null) continue;
    unit.parent = units.get(unit.parentId);
    unit.parent.children.push(unit);
  }
  const treeOrder = [];
  const visit = (unit) => {
    unit.place = treeOrder.length;
    treeOrder.push(unit);
    for (const child of unit.children) visit(child);
    unit.size = treeOrder.length - unit.place;
  };
  for (const unit of units.values()) if (!unit.parent) visit(unit);
  return treeOrder;
}

function groupPlacesByCode(treeOrder) {
  const placesByCode = new Map();
  for (const { place, codes } of treeOrder) {
    for (const code of codes) {
      if (!placesByCode.has(code)) placesByCode.set(code, []);
      placesByCode.get(code).push(place);
    }
  }
  return placesByCode;
}

function toFlat({ id, name, kind, orgNumber, parentId }) {
  return { id, name, kind, orgNumber, parentId };
}

function toSpecialties({ codes }) {
  return codes.map((code) => ({ code }));
}

function toParents(unit, levels = 9) {
  if (!unit) return null;
  const { id, name, kind } = unit;
  return levels > 1 ? { id, name, kind, parent: toParents(unit.parent, levels - 1) } : { id, name, kind };
}

function toChildren(unit, levels) {
  const { id, name } = unit;
  const specialties = toSpecialties(unit);
  if (levels === 0) return { id, name, specialties };
  return { id, name, specialties, children: unit.children.map((child) => toChildren(child, levels - 1)) };
}

function countCodes(placesByCode, { place, size }) {
  const counts = [];
  for (const [code, places] of placesByCode) {
    const n = findFirst(places, place + size) - findFirst(places, place);
    if (n > 0) counts.push({ code, n });
  }
  return counts.sort((one, other) => other.n - one.n || (one.code < other.code ? -1 : 1));
}

/** Returns the index of the first value that is not less than a bound. */
function findFirst(sortedValues, bound) {
  let low = 0;
  let high = sortedValues.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sortedValues[middle] < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}

function toReference({ id, name }) {
  return { id, name };
}

function findEnterprise(unit) {
  return unit.kind === 'ORGANIZATION' ? unit : findEnterprise(unit.parent);
}

function findRoot(unit) {
  return unit.parent ? findRoot(unit.parent) : unit;
}
