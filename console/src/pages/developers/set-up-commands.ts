/*
 * The commands of docs/guides/developers.md, with the address of this server in the place of the one there. A test compares the two,
 * and the tests of the documents run them.
 */

/** Says whether the key is taken, and lists the flows. */
export function buildCheck(origin: string): string {
  return `curl -s -u "api:$KEY" '${origin}/flows?include=id,name'`;
}

export const KEEP_KEY = `KEY='the API key'`;

export const BUILD_CLIENT = `npm ci && npm run client
npm install /path/to/sluice/client`;

/** A program that lists the flows, and how to run it. */
export function buildProgram(origin: string): string {
  return `cat > list-flows.mjs <<'END'
import { createClient } from '@sluice/client';

const client = createClient({ url: '${origin}', key: process.env.KEY });
for (const { id, name } of await client.listFlows()) console.log(id, name);
END
KEY="$KEY" node list-flows.mjs`;
}

/** At the machine of the server, in its folder. */
export const COMMAND_LINE = `node bin/sluice.js doctor
node bin/sluice.js keys list
node bin/sluice.js users list`;
