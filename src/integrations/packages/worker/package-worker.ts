import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { type AllowedNetwork, parseAllowedNetwork } from '../../forbidden-address.ts';
import { readValue } from '../rich-message.ts';
import type { FromPackage, ToPackage, WorkerStart } from '../worker-messages.ts';
import { guardConnections } from './guard-connections.ts';
import { handleLead } from './handle-lead.ts';
import { recordExchanges } from './record-exchanges.ts';
import { refuseBuiltins } from './refuse-builtins.ts';
import { runModule } from './run-module.ts';
import type { RunningCall } from './running-call.ts';
import { textOfThrown } from './thrown.ts';
import { describeModule, type ModuleNode, walkPackage } from './walk-package.ts';

/*
 * The thread of one integration package. First everything is guarded, then the package is loaded; from then on calls
 * come and answers go, until the server ends the thread.
 */

// Kept here before they are taken from everybody else.
const port = parentPort;
const { folder, packageName, allowedNetworks } = workerData as WorkerStart; // what package-thread.ts hands over
const running = new Map<number, RunningCall>();
let modules = new Map<string, ModuleNode>();

function post(message: FromPackage): void {
  port?.postMessage(message);
}

silence();
guardConnections({ allowedNetworks: parseNetworks(allowedNetworks), isSending: () => running.size > 0 });
recordExchanges();
refuseBuiltins();
port?.on('message', (message: ToPackage) => answer(message));
load();

/** What a package prints may be about people, so it is not logged. */
function silence(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.write = (...given: unknown[]): boolean => {
      const back = given.find((each) => typeof each === 'function');
      if (typeof back === 'function') process.nextTick(() => back());
      return true;
    };
  }
}

function parseNetworks(texts: readonly string[]): AllowedNetwork[] {
  return texts.flatMap((text) => {
    const parsed = parseAllowedNetwork(text);
    return parsed.ok ? [parsed.value] : [];
  });
}

function load(): void {
  try {
    const exported: unknown = createRequire(join(folder, 'package.json'))(packageName);
    modules = walkPackage(exported);
    const described = [...modules].flatMap(([path, node]) => describeModule(path, node) ?? []);
    const name = typeof exported === 'object' && exported !== null && 'name' in exported ? exported.name : null;
    post({ kind: 'ready', modules: described, exportedName: typeof name === 'string' ? name : null });
  } catch (error) {
    post({ kind: 'unusable', reason: textOfThrown(error) });
  }
}

function answer(message: ToPackage): void {
  switch (message.kind) {
    case 'call':
      runCall(message);
      break;
    case 'handle':
      void runHandle(message);
      break;
    case 'cancel':
      cancel(message.callId);
      break;
  }
}

function runCall({ callId, operation, path, values }: Extract<ToPackage, { kind: 'call' }>): void {
  try {
    const value = runModule(moduleAt(path), operation, values.map(readValue));
    post({ kind: 'answer', callId, value });
  } catch (error) {
    post({ kind: 'threw', callId, message: textOfThrown(error) });
  }
}

async function runHandle({ callId, path, vars }: Extract<ToPackage, { kind: 'handle' }>): Promise<void> {
  const call: RunningCall = {
    callId,
    controller: new AbortController(),
    unanswered: new Set(),
    note: (transaction) => post({ kind: 'exchange', callId, transaction }),
  };
  running.set(callId, call);
  const ended = await handleLead(moduleAt(path), readValue(vars), call);
  running.delete(callId);
  post(ended);
}

/** Ends what the call has under way; what it starts later is refused, because its storage knows that it is cancelled. */
function cancel(callId: number): void {
  running.get(callId)?.controller.abort();
  running.delete(callId);
  post({ kind: 'cancelled', callId });
}

function moduleAt(path: string): ModuleNode {
  const node = modules.get(path);
  if (!node) throw new Error('the package no longer has this module');
  return node;
}
