import { defineConfig } from 'vitest/config';

/** What is judged on a seeded installation of the size of a real one: `npm run test:demo`. Not part of `npm test`. */
export default defineConfig({
  test: {
    include: ['test/console/demo/*.demo.ts'],
    globalSetup: 'test/harness/global-setup.ts',
    // One installation, one browser, one file after the other: what is measured has the machine for itself.
    fileParallelism: false,
    isolate: false,
    testTimeout: 120_000,
    hookTimeout: 300_000,
  },
});
