import { join } from 'node:path';
import { packageRoot } from '../../package-root.ts';

/** What `npm run build` makes of worker/package-worker.ts; a thread cannot run TypeScript. */
export const PACKAGE_WORKER_FILE: string = join(packageRoot, 'dist', 'package-worker.js');
