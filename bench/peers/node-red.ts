import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../src/package-root.ts';
import { buildNodeRedFlow } from './node-red-flow.ts';

/** The newest that run with the Node of this process: 5 needs Node 22.9. */
const VERSIONS = { node22: '5.0.7', older: '4.1.8' };
const INSTALL_MS_MAX = 240_000;
const DATABASE_CONNECTIONS = 20;

/** Installs Node-RED, and the project's pg for its function nodes, from npm into a folder; returns the version, or why it cannot. */
export async function installNodeRed(folder: string): Promise<{ version: string } | { failure: string }> {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const version = major > 22 || (major === 22 && minor >= 9) ? VERSIONS.node22 : VERSIONS.older;
  mkdirSync(folder, { recursive: true });
  const packages = [`node-red@${version}`, `pg@${readPgVersion()}`];
  const flags = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  try {
    await promisify(execFile)('npm', ['install', ...packages, '--prefix', folder, ...flags], {
      timeout: INSTALL_MS_MAX,
    });
    return { version };
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n').slice(0, 3).join(' ') : String(error);
    return { failure: `npm could not install node-red@${version}: ${reason}` };
  }
}

/** What Node runs for a Node-RED with this flow; its files go to `home`. */
export function prepareNodeRed(options: {
  installedIn: string;
  home: string;
  port: number;
  recipientUrl: string;
  state: 'memory' | 'postgres';
}): string[] {
  const { installedIn, home, port, recipientUrl, state } = options;
  mkdirSync(home, { recursive: true });
  const flowFile = join(home, 'flows.json');
  const settings = join(home, 'settings.cjs');
  writeFileSync(flowFile, JSON.stringify(buildNodeRedFlow({ recipientUrl, state }), null, 2));
  writeFileSync(settings, settingsText({ installedIn, home, port, flowFile, state }));
  return [join(installedIn, 'node_modules', 'node-red', 'red.js'), '--settings', settings];
}

/** No editor, only warnings in the log, the rest as it comes; function nodes get a pool when the state is in PostgreSQL. */
function settingsText(options: {
  installedIn: string;
  home: string;
  port: number;
  flowFile: string;
  state: string;
}): string {
  const { installedIn, home, port, flowFile, state } = options;
  const require = `require('node:module').createRequire(${JSON.stringify(join(installedIn, 'package.json'))})`;
  const pool = `new (${require}('pg').Pool)({ max: ${DATABASE_CONNECTIONS} })`;
  const globals =
    state === 'memory' ? '{}' : `{ database: ${pool}, randomUUID: () => require('node:crypto').randomUUID() }`;
  return `module.exports = {
  uiPort: ${port}, uiHost: '127.0.0.1', httpAdminRoot: false, httpNodeRoot: '/',
  flowFile: ${JSON.stringify(flowFile)}, userDir: ${JSON.stringify(home)}, credentialSecret: false,
  functionGlobalContext: ${globals}, exportGlobalContextKeys: false,
  logging: { console: { level: 'warn', metrics: false, audit: false } },
  diagnostics: { enabled: false }, telemetry: { enabled: false },
};
`;
}

function readPgVersion(): string {
  const { dependencies } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
    dependencies: { pg: string };
  }; // our own file
  return dependencies.pg;
}
