/** One file as a zip, the same bytes for the same file. The package is loaded at its first use. */
export async function zipFile(file: { name: string; content: Buffer; at: number }): Promise<Buffer> {
  const { ZipFile } = await import('yazl');
  const zip = new ZipFile();
  zip.addBuffer(file.content, file.name, { mtime: new Date(file.at), mode: 0o100600, forceDosTimestamp: true });
  zip.end();
  const parts: Buffer[] = [];
  // Ends with the file, which is in memory and bounded.
  for await (const part of zip.outputStream) parts.push(Buffer.from(part as Uint8Array)); // a stream of bytes
  return Buffer.concat(parts);
}
