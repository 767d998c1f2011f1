import type { BatchDefinition, FileBuilder, FileEncoding, FileFormat } from './batch.ts';
import { FILE_BYTES_MAX, FILE_ROWS_MAX, MAILED_BYTES_MAX } from './batch.ts';
import { buildFileName } from './file-name.ts';
import { writeHeader, writeRow } from './write-row.ts';
import { zipFile } from './zip-file.ts';

const EXTENSIONS: Readonly<Record<FileFormat, string>> = { csv: 'csv', tsv: 'tsv', pipe: 'txt' };
const CONTENT_TYPES: Readonly<Record<FileFormat, string>> = {
  csv: 'text/csv',
  tsv: 'text/tab-separated-values',
  pipe: 'text/plain',
};

export function createFileBuilder(
  definition: BatchDefinition,
  file: { id: string; at: number; zone: string },
): FileBuilder {
  const rowsMax = Math.min(definition.rows_max, FILE_ROWS_MAX);
  const bytesMax = findBytesMax(definition);
  const lines: Buffer[] = definition.header ? [encode(writeHeader(definition), definition.encoding)] : [];
  let bytes = lines.reduce((sum, line) => sum + line.length, BOM.length);
  let rows = 0;
  return {
    add: (values) => {
      const line = encode(writeRow(values, definition), definition.encoding);
      if (rows > 0 && (rows >= rowsMax || bytes + line.length > bytesMax)) return false;
      lines.push(line);
      bytes += line.length;
      rows += 1;
      return true;
    },
    build: async () => {
      const { format, encoding } = definition;
      const start = encoding === 'utf-8-bom' ? [BOM] : [];
      const named = { batch: definition.name, ...file };
      const name = buildFileName(definition.file_name, { ...named, extension: EXTENSIONS[format] });
      const content = Buffer.concat([...start, ...lines]);
      if (!definition.zip) return { name, contentType: CONTENT_TYPES[format], content };
      const zipped = await zipFile({ name, content, at: file.at });
      const zipName = buildFileName(definition.file_name, { ...named, extension: 'zip' });
      return { name: zipName, contentType: 'application/zip', content: zipped };
    },
  };
}

/** What the target takes bounds what the batch says. */
function findBytesMax({ bytes_max: bytesMax, target }: BatchDefinition): number {
  return Math.min(bytesMax, target.type === 'email' ? MAILED_BYTES_MAX : FILE_BYTES_MAX);
}

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);
/**
 * Characters that ISO 8859-1 does not have. Spaces and line ends of Unicode are among them: cut to a byte, one would be a
 * line end or a tab that is not quoted.
 */
const NOT_LATIN = /[^\t\n\r -~\u0080-\u00ff]/gu;

function encode(text: string, encoding: FileEncoding): Buffer {
  if (encoding !== 'iso-8859-1') return Buffer.from(text, 'utf8');
  return Buffer.from(text.replace(NOT_LATIN, '?'), 'latin1');
}
