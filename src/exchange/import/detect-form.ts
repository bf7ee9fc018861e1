/** What a file is instead of CSV, and what to do about it. */
export interface OtherForm {
  readonly problem: string;
  readonly remedy: string;
}

const saveAsCsv = 'save it as CSV in UTF-8, with commas or semicolons';
const sampleBytes = 2_000;

/** Finds what a file is if it is not CSV; undefined if it may be. */
export function findOtherForm(start: Buffer): OtherForm | undefined {
  if (isUtf16(start)) return { problem: 'the file is UTF-16', remedy: 'save it as UTF-8' };
  for (const [signature, form] of signatures)
    if (start.subarray(0, signature.length).equals(signature)) return describe(form);
  const text = start.toString('utf8').replace(/^\uFEFF/, '');
  for (const [pattern, form] of textForms) if (pattern.test(text)) return describe(form);
  return findOtherDelimiter(text);
}

const signatures: readonly (readonly [Buffer, string])[] = [
  [Buffer.from('PK\u0003\u0004'), 'a spreadsheet (XLSX, ODS) or another ZIP archive'],
  [Buffer.from([0xd0, 0xcf, 0x11, 0xe0]), 'a spreadsheet (XLS)'],
  [Buffer.from([0x1f, 0x8b]), 'compressed with gzip'],
  [Buffer.from('%PDF'), 'a PDF document'],
];

const textForms: readonly (readonly [RegExp, string])[] = [
  [/^\s*<(!doctype html|html|head|body|table)\b/i, 'HTML'],
  [/^\s*<[?!a-z]/i, 'XML'],
  [/^\s*[{[]\s*["{[\]}]/, 'JSON'],
];

function describe(form: string): OtherForm {
  return { problem: `the file is ${form}`, remedy: saveAsCsv };
}

// Text in UTF-16 has a zero in every other byte, where it has Latin letters.
function isUtf16(start: Buffer): boolean {
  if ((start[0] === 0xff && start[1] === 0xfe) || (start[0] === 0xfe && start[1] === 0xff)) return true;
  const sample = start.subarray(0, sampleBytes);
  const zeros = [0, 0];
  for (const [index, byte] of sample.entries()) if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  return sample.length > 3 && Math.max(...zeros) > sample.length / 4;
}

function findOtherDelimiter(text: string): OtherForm | undefined {
  const header = text.split(/[\r\n]/).find((line) => line.trim() !== '') ?? '';
  if (/[,;]/.test(header)) return undefined;
  const name = header.includes('\t') ? 'tabs' : header.includes('|') ? 'bars (|)' : undefined;
  return name === undefined
    ? undefined
    : { problem: `the columns of the file are separated by ${name}`, remedy: saveAsCsv };
}
