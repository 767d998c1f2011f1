import { execFileSync } from 'node:child_process';

/** A Node that servers are run with. */
export interface NodeBinary {
  path: string;
  /** `v24.1.0` */
  version: string;
}

const VERSION_MS_MAX = 10_000;

/** The Node that runs this process. */
export const THIS_NODE: NodeBinary = { path: process.execPath, version: process.version };

/** This process's Node and the one at `path`; throws when that is none. */
export function listNodes(path: string | undefined): NodeBinary[] {
  return path === undefined ? [THIS_NODE] : [THIS_NODE, findNode(path)];
}

function findNode(path: string): NodeBinary {
  let output: string;
  try {
    output = execFileSync(path, ['--version'], { encoding: 'utf8', timeout: VERSION_MS_MAX }).trim();
  } catch (error) {
    throw new Error(`${path} does not run: --node takes the path of a Node binary`, { cause: error });
  }
  if (!/^v\d+\.\d+\.\d+/.test(output)) throw new Error(`${path} --version says "${output}", which is no Node`);
  if (output === process.version) throw new Error(`${path} is ${output}, which runs this bench already`);
  return { path, version: output };
}
