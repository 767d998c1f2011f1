import { startVitest } from 'vitest/node';

/** Writes what the golden leads come to now into test/golden/expected; the diff is reviewed as code. */
process.env['SLUICE_GOLDEN_UPDATE'] = '1';
const vitest = await startVitest('test', ['test/golden'], { watch: false });
await vitest.close();
