import type { ByteWriter, WriteValue } from '../../domain/text/byte-writer.ts';
import { tryPlainText, writeCsvValue } from '../../domain/text/csv.ts';
import { encodeOnce } from './encode-once.ts';
import type { PlacedUnit } from './extracted-unit.ts';

const NAME_SEPARATOR = ' / ';

/**
 * Returns a function that writes a value of each unit from the root to a unit. The path of a parent is encoded once for
 * all its children.
 */
export function createPathWriter(writeStep: WriteValue<PlacedUnit>, separator: string): WriteValue<PlacedUnit> {
  const writeAbove: WriteValue<PlacedUnit> = encodeOnce((place, writer) => {
    writePath(place, writer);
    writer.text(separator);
  });
  const writePath: WriteValue<PlacedUnit> = (place, writer) => {
    if (place.parent) writeAbove(place.parent, writer);
    writeStep(place, writer);
  };
  return writePath;
}

/** Returns a function that writes the names from the root to a unit as a value of CSV. */
export function createPathNamesWriter(): WriteValue<PlacedUnit> {
  // Writes nothing if a name needs quotes or a guard.
  const writePlainAbove: WriteValue<PlacedUnit> = encodeOnce((place, writer) => {
    const start = writer.length;
    if (tryPlainPath(place, writer)) writer.text(NAME_SEPARATOR);
    else writer.truncate(start);
  });
  const tryPlainPath = ({ parent, row }: PlacedUnit, writer: ByteWriter): boolean => {
    const start = writer.length;
    if (parent) writePlainAbove(parent, writer);
    const isPlainAbove = !parent || writer.length > start;
    return isPlainAbove && tryPlainText(row.name, writer);
  };
  return (place, writer) => {
    const start = writer.length;
    if (tryPlainPath(place, writer)) return;
    writer.truncate(start);
    writeCsvValue(formatPathNames(place), writer);
  };
}

function formatPathNames({ row, parent }: PlacedUnit): string {
  return parent ? `${formatPathNames(parent)}${NAME_SEPARATOR}${row.name}` : row.name;
}
