import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** `npm run build` writes the console to dist/app, from where the server reads it. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/app/',
  plugins: [react()],
  build: {
    outDir: '../dist/app',
    emptyOutDir: true,
    target: 'es2023',
    manifest: true,
    // An inlined file is a `data:` URL, which the Content-Security-Policy refuses.
    assetsInlineLimit: 0,
    // Unpacked; the budget is of what is sent. A start does not warn the operator of it.
    chunkSizeWarningLimit: 1_000,
    modulePreload: { polyfill: false },
    // Each name of a chunk is in the first script, too: a hash is enough (seven letters tell
    // apart what 4,096 chunks have), and the manifest says of what it is.
    rolldownOptions: { output: { chunkFileNames: 'assets/[hash:7].js', assetFileNames: 'assets/[hash:7][extname]' } },
  },
  // `npm run dev -w console` beside a server that is running.
  server: { proxy: { '^/(?!app/)': 'http://127.0.0.1:8400' } },
});
