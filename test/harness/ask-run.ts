import { get } from 'node:http';
import { inject } from 'vitest';

/**
 * What a run has once for all files, made when the first file asks (global-setup.ts): `/` a database server, `/server` the bundle of
 * the server, `/console` that of the console. Resolves with the answer's text; rejects with what went wrong.
 */
export function askRun(path: '/' | '/server' | '/console'): Promise<string> {
  return new Promise((resolve, reject) => {
    // A connection of its own: one that an earlier file of this worker left open may have been closed meanwhile.
    const req = get({ socketPath: inject('testServerSocket'), path, agent: false }, (res) => {
      let body = '';
      res.setEncoding('utf8');
      res.on('data', (chunk: string) => {
        body += chunk;
      });
      res.on('end', () => {
        if (res.statusCode === 200) resolve(body);
        else reject(new Error(body));
      });
    });
    req.on('error', reject);
  });
}
