/** Systems of identifiers that every register entry has or may have, as URIs (national object identifiers). */
export const RESH_ID_SYSTEM = 'urn:oid:2.16.578.1.12.4.1.4.102';
export const ORGANIZATION_NUMBER_SYSTEM = 'urn:oid:2.16.578.1.12.4.1.4.101';
export const HER_ID_SYSTEM = 'urn:oid:2.16.578.1.12.4.1.2';

/** Systems with identifiers that the register itself maintains: no change sets them. */
export const reservedSystems: readonly string[] = [RESH_ID_SYSTEM, ORGANIZATION_NUMBER_SYSTEM];
