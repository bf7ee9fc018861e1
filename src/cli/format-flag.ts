/** Returns the flag of an option on the command line: `validAt` becomes `--valid-at`. */
export function formatFlag(option: string): string {
  return `--${option.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
