import { characterSet, type ByteWriter, type WriteValue } from '../../domain/text/byte-writer.ts';

// Functions that write JSON in the bytes of `JSON.stringify`. What is the same in all lines is encoded once.

const [COMMA, QUOTE] = [0x2c, 0x22];
const [OPENING_BRACE, CLOSING_BRACE, OPENING_BRACKET, CLOSING_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];
const nullBytes = Buffer.from('null');
const escapedCharacters = characterSet('"\\', true);

/** A member that an object may lack. */
export interface OptionalMember<Source> {
  readonly isPresent: (source: Source) => boolean;
  readonly write: WriteValue<Source>;
}

/** Returns a function that writes an object with members in their order, without optional ones that are absent. */
export function object<Source>(
  members: Readonly<Record<string, WriteValue<Source> | OptionalMember<Source>>>,
): WriteValue<Source> {
  const steps = Object.entries(members).map(([name, member]) => ({
    start: Buffer.from(`,${JSON.stringify(name)}:`),
    isPresent: typeof member === 'function' ? undefined : member.isPresent,
    write: typeof member === 'function' ? member : member.write,
  }));
  return (source, writer) => {
    const start = writer.length;
    for (const step of steps) {
      if (step.isPresent && !step.isPresent(source)) continue;
      writer.bytes(step.start);
      step.write(source, writer);
    }
    // The brace replaces the comma before the first member.
    if (writer.length === start) writer.byte(OPENING_BRACE);
    else writer.replaceByte(start, OPENING_BRACE);
    writer.byte(CLOSING_BRACE);
  };
}

/** Returns a function that writes a list. */
export function list<Item>(writeItem: WriteValue<Item>): WriteValue<readonly Item[]> {
  return inBrackets((items, writer) => {
    for (let index = 0; index < items.length; index += 1) {
      if (index > 0) writer.byte(COMMA);
      writeItem(items[index] as Item, writer);
    }
  });
}

/** Returns a function that writes brackets around what another one writes. */
export function inBrackets<Source>(write: WriteValue<Source>): WriteValue<Source> {
  return (source, writer) => {
    writer.byte(OPENING_BRACKET);
    write(source, writer);
    writer.byte(CLOSING_BRACKET);
  };
}

/** Returns a function that writes a part of a source, or null if there is none. */
export function part<Source, Part>(read: (source: Source) => Part | null, write: WriteValue<Part>): WriteValue<Source> {
  return (source, writer) => {
    const found = read(source);
    if (found === null) writer.bytes(nullBytes);
    else write(found, writer);
  };
}

/** Returns a member that is absent if the source lacks the part, or the part is an empty list. */
export function optional<Source, Part>(
  read: (source: Source) => Part | null,
  write: WriteValue<Part>,
): OptionalMember<Source> {
  return {
    isPresent: (source) => {
      const found = read(source);
      return found !== null && !(Array.isArray(found) && found.length === 0);
    },
    write: part(read, write),
  };
}

/** Returns a function that writes a value of a source: text, a number, true or false, null, or a list of these. */
export function value<Source>(read: (source: Source) => unknown): WriteValue<Source> {
  return (source, writer) => writeValue(read(source), writer);
}

/** Returns a function that writes a number as text. */
export function decimalText<Source>(read: (source: Source) => number): WriteValue<Source> {
  return (source, writer) => {
    writer.byte(QUOTE);
    writer.number(read(source));
    writer.byte(QUOTE);
  };
}

/** Returns a function that writes the same value for all sources. */
export function constant(fixed: unknown): WriteValue<unknown> {
  const bytes = Buffer.from(JSON.stringify(fixed));
  return (_source, writer) => writer.bytes(bytes);
}

/** Writes a value as JSON. */
export function writeValue(read: unknown, writer: ByteWriter): void {
  if (typeof read === 'string') writeText(read, writer);
  else if (typeof read === 'number') writer.number(read);
  else if (read === null) writer.bytes(nullBytes);
  else writer.text(JSON.stringify(read));
}

function writeText(text: string, writer: ByteWriter): void {
  writer.byte(QUOTE);
  if (writer.tryText(text, escapedCharacters)) writer.byte(QUOTE);
  else {
    writer.truncate(writer.length - 1);
    writer.text(JSON.stringify(text));
  }
}
