import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The page of one part, for tests; see serve-part-page.ts. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/app/part-page/',
  plugins: [react()],
  logLevel: 'error',
  build: { target: 'es2023', assetsInlineLimit: 0, modulePreload: { polyfill: false }, minify: false },
});
