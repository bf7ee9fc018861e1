/** Words that invented departments are named with. */
export const places = ['Nordvik', 'Sørdal', 'Øyane', 'Åsmo', 'Bergfjord', 'Lunden', 'Ytre Sund', 'Vestnes', 'Fossum'];
export const fields = [
  'Medisinsk',
  'Kirurgisk',
  'Ortopedisk',
  'Psykiatrisk',
  'Nevrologisk',
  'Lungemedisinsk',
  'Revmatologisk',
];
export const givenNames = ['Ane', 'Bjørn', 'Åse', 'Ola', 'Kari', 'Leif', 'Sara', 'Øyvind'];
export const familyNames = ['Eksempelsen', 'Prøvestad', 'Demovik', 'Testnes'];

/** What a department is called at each depth beneath its trust, with its code of 8624; the last holds for all below. */
export const kinds: readonly (readonly [noun: string, designation: string])[] = [
  ['sykehus', '01'],
  ['klinikk', '02'],
  ['avdeling', '05'],
  ['seksjon', '06'],
  ['post', '08'],
  ['poliklinikk', '11'],
];
