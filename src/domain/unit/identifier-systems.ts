/** Systems of national identifiers, as URIs of their object identifiers. */
export const RESH_ID_SYSTEM = 'urn:oid:2.16.578.1.12.4.1.4.102';
export const ORGANIZATION_NUMBER_SYSTEM = 'urn:oid:2.16.578.1.12.4.1.4.101';
export const HER_ID_SYSTEM = 'urn:oid:2.16.578.1.12.4.1.2';

/** Systems whose identifiers the register itself maintains, so that no change can set them. */
export const reservedSystems: readonly string[] = [RESH_ID_SYSTEM, ORGANIZATION_NUMBER_SYSTEM];
