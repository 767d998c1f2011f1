import type { FromPackage } from '../worker-messages.ts';
import { readEvent } from './run-module.ts';
import { type RunningCall, runningCall } from './running-call.ts';
import { textOfThrown } from './thrown.ts';
import type { ModuleNode } from './walk-package.ts';

/**
 * Runs `handle(vars, callback)` and answers how it ended: with an event, or with the error it called back with, threw or
 * rejected with. Only the first end counts. Never ends when the module never calls back: then the server's time limit does.
 */
export function handleLead(node: ModuleNode, vars: unknown, call: RunningCall): Promise<FromPackage> {
  const { callId } = call;
  return new Promise((resolve) => {
    const end = (error: unknown, answered?: unknown): void => {
      const isUnanswered = call.unanswered.size > 0;
      resolve({ kind: 'handled', callId, ...readEnd(error, answered), isUnanswered });
    };
    runningCall.run(call, () => {
      try {
        const handle = node['handle'];
        if (typeof handle !== 'function') throw new Error('the module has no handle()');
        const ended: unknown = Reflect.apply(handle, node, [vars, end]);
        // An async handle may reject instead of calling back.
        if (ended instanceof Promise) ended.catch(end);
      } catch (error) {
        end(error ?? 'the module failed');
      }
    });
  });
}

function readEnd(error: unknown, answered: unknown): { value: unknown; error: string | null } {
  if (error) return { value: null, error: textOfThrown(error) };
  try {
    return { value: readEvent(answered), error: null };
  } catch (fault) {
    return { value: null, error: textOfThrown(fault) };
  }
}
