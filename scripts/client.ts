import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { packageRoot } from '../src/package-root.ts';
import { generateClient } from './client/generate-client.ts';

/** `npm run client`: writes what is generated of `@sluice/client` and builds it to `client/dist`. */
writeFileSync(join(packageRoot, 'client', 'src', 'generated.ts'), generateClient());
const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');
execFileSync(process.execPath, [compiler, '-p', 'client'], { cwd: packageRoot, stdio: 'inherit' });
