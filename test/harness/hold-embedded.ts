/**
 * A process of its own that holds the embedded server of a data directory, for tests of what happens when it is killed,
 * joined by another one or run by another user. Writes one line of JSON when it has it, and stops it at the end of its
 * standard input. Arguments: the data directory and the directory for what the dropped account cannot reach.
 */
import { openEmbeddedPostgres } from '../../src/store/embedded/embedded.ts';

const [dataDir = '', fallbackDir = ''] = process.argv.slice(2);
const opened = await openEmbeddedPostgres({ dataDir, fallbackDir });
process.stdout.write(`${JSON.stringify(opened)}\n`);
if (opened.ok) {
  process.stdin.resume();
  await new Promise((resolve) => process.stdin.once('end', resolve));
  await opened.value.stop();
}
