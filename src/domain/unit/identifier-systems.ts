/** Systems of national identifiers, as URIs of their object identifiers. */
export const RESH_ID_SYSTEM = 'urn:oid:2.16.578.1.12.4.1.4.102';
export const ORGANIZATION_NUMBER_SYSTEM = 'urn:oid:2.16.578.1.12.4.1.4.101';
export const HER_ID_SYSTEM = 'urn:oid:2.16.578.1.12.4.1.2';

const reservedSystems: readonly string[] = [RESH_ID_SYSTEM, ORGANIZATION_NUMBER_SYSTEM];

/**
 * Indicates whether the register itself maintains the identifiers of a system, so that no change can set them.
 * `urn:oid` is the same in capital letters (RFC 8141).
 */
export function isReservedSystem(system: string): boolean {
  return reservedSystems.includes(system.toLowerCase());
}
