import { get } from 'node:http';
import { inject } from 'vitest';

/** Builds dist/app once in a run, when a source of it is newer (test/harness/global-setup.ts). */
export function ensureConsoleIsBuilt(): Promise<void> {
  return new Promise((resolve, reject) => {
    const req = get({ socketPath: inject('testServerSocket'), path: '/console', agent: false }, (res) => {
      let body = '';
      res.setEncoding('utf8').on('data', (chunk: string) => {
        body += chunk;
      });
      res.on('end', () => (res.statusCode === 200 ? resolve() : reject(new Error(body))));
    });
    req.on('error', reject);
  });
}
