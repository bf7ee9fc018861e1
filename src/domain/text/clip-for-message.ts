const MAX_LENGTH = 60;

/** Returns a value for a message: text in quotes, anything else as JSON; truncated to 60 characters. */
export function clipForMessage(value: unknown): string {
  if (typeof value === 'string') return `"${clip(value)}"`;
  // JSON has no text for undefined, functions and symbols, and null for infinite numbers.
  const json = typeof value === 'number' ? String(value) : (JSON.stringify(value) as string | undefined);
  return clip(json ?? String(value));
}

function clip(text: string): string {
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text;
}
