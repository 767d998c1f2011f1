import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src', 'client/src', 'test', 'bench', 'scripts', 'examples'].map((folder) => `${folder}/**/*.test.ts`),
    globalSetup: ['test/harness/global-setup.ts'],
    setupFiles: ['test/harness/check-answers.ts'],
    maxWorkers: 2,
    // Ends what hangs; no test is judged by it, and a busy machine may take long.
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
});
