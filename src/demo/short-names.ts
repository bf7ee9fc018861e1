/** Short names that trusts of the demo register use of themselves, by RESH-id. */
export const shortNames: ReadonlyMap<number, string> = new Map([
  [101051, 'NLSH'],
  [101719, 'UNN'],
  [100317, 'HNT'],
  [4201115, 'HMR'],
  [100089, 'Ahus'],
  [100091, 'SI'],
  [100093, 'Sunnaas'],
  [100100, 'SiV'],
  [100132, 'STHF'],
  [100133, 'SSHF'],
  [4001031, 'OUS'],
]);
