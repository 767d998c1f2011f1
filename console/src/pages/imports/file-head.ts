import { readHeadRows } from './read-head-rows.ts';

/** Enough of a file to say how it would be read. */
const HEAD_BYTES = 64 * 1024;

/** The beginning of it. */
export function cutHead(file: File): Blob {
  return file.slice(0, HEAD_BYTES);
}

interface ReadAs {
  encoding: string;
  gzip: boolean;
  delimiter: string | null;
}

/** The first rows, as the server said that the file is read. null: it is compressed, and only the server looks inside. */
export async function readFirstRows(file: File, { encoding, gzip, delimiter }: ReadAs): Promise<string[][] | null> {
  if (gzip) return null;
  const bytes = await file.slice(0, HEAD_BYTES).arrayBuffer();
  const text = new TextDecoder(encoding === 'ascii' ? 'utf-8' : encoding).decode(bytes);
  return readHeadRows(text, { delimiter, isCut: file.size > HEAD_BYTES });
}
