import { defineConfig } from 'vitest/config';

const ALL = ['src', 'client/src', 'console/src', 'test', 'bench', 'scripts', 'examples'].map(testsIn);
/** They replace a module, or judge turns of the event loop, which the heap of the files before them would lengthen. */
const ALONE = ['test/system/compiled-once.test.ts', 'test/system/large-flows.test.ts', testsIn('test/hostile')];

export default defineConfig({
  test: {
    globalSetup: ['test/harness/global-setup.ts'],
    setupFiles: ['test/harness/check-answers.ts'],
    maxWorkers: 3,
    projects: [
      // Files share the modules of their worker: reading them anew for each file took a third of the processor's time.
      { extends: true, test: { name: 'shared', include: ALL, exclude: ALONE, isolate: false } },
      { extends: true, test: { name: 'alone', include: ALONE } },
    ],
    // Ends what hangs; no test is judged by it, and a busy machine may take long.
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
});

function testsIn(folder: string): string {
  return `${folder}/**/*.test.ts`;
}
