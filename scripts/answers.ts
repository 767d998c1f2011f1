import { startVitest } from 'vitest/node';
import { UPDATE } from '../test/contract/recorded-errors.ts';

/** Writes the error bodies of every route as a server returns them now; the diff is reviewed as code. */
process.env[UPDATE] = '1';
const vitest = await startVitest('test', ['test/contract'], { watch: false });
await vitest.close();
