import { startVitest } from 'vitest/node';

/**
 * Writes what the golden leads come to now into test/golden/expected, and what is answered of stored ones into
 * test/stored; the diff is reviewed as code.
 */
process.env['SLUICE_GOLDEN_UPDATE'] = '1';
const vitest = await startVitest('test', ['test/golden', 'test/stored'], { watch: false });
await vitest.close();
