import { defineConfig } from 'vitest/config';
import { SCREENS_AT_ONCE } from './test/console/demo/screens-at-once.ts';

/** What is judged on a seeded installation of the size of a real one: `npm run test:demo`. Not part of `npm test`. */
export default defineConfig({
  test: {
    include: ['test/console/demo/*.demo.ts'],
    globalSetup: 'test/harness/global-setup.ts',
    // One installation, one browser, one file after the other: what is measured has the machine for itself, after the screens.
    fileParallelism: false,
    isolate: false,
    maxConcurrency: SCREENS_AT_ONCE,
    testTimeout: 120_000,
    hookTimeout: 300_000,
  },
});
