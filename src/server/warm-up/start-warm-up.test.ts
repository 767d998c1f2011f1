import { describe, expect, it } from 'vitest';
import type { FlowCompiler } from '../../flow-compiler/flow-compiler.ts';
import type { Log } from '../../observe/log.ts';
import type { PhaseDeps } from '../../pipeline/phase.ts';
import { startWarmUp } from './start-warm-up.ts';

/** A warm-up whose own flow is compiled as given, without a database. */
function startWith(compile: FlowCompiler['compile'], { isOn = true } = {}) {
  const lines: { level: string; fields: Record<string, unknown>; sentence: string }[] = [];
  const at =
    (level: string): Log['info'] =>
    (fields, sentence) =>
      void lines.push({ level, fields, sentence });
  const log: Log = { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug') };
  const warming = { isOn };
  const parts = {
    // What is read before the flow is compiled.
    phases: { clock: { now: () => 0, monotonic: () => 0 }, random: () => 0 } as unknown as PhaseDeps,
    liveFlows: { list: () => [] },
    compiler: { compile },
    nodeId: 'n',
    draining: { isOn: false },
    warming,
    foreignModules: new Set<string>(),
  };
  const options = { config: { warmSeconds: 2 }, database: { connectionString: 'postgres://127.0.0.1:1/none' }, log };
  return { ...startWarmUp(parts, options), warming, lines };
}

describe('startWarmUp', () => {
  it('a flow that does not compile costs a warning and nothing else: the server is ready', async () => {
    const { warmed, ended, warming, lines } = startWith(() => Promise.reject(new TypeError('broken')));
    await warmed;
    expect(warming.isOn).toBe(false);
    await ended;
    expect(lines).toEqual([
      {
        level: 'warn',
        fields: { cause: 'TypeError' },
        sentence: 'the warm-up failed; the first leads may cost more',
      },
    ]);
  });

  it('does nothing where it is switched off', async () => {
    let compiled = 0;
    const count = () => {
      compiled += 1;
      return Promise.reject(new Error('unexpected'));
    };
    const { warmed, ended, lines } = startWith(count, { isOn: false });
    await Promise.all([warmed, ended]);
    expect({ compiled, lines }).toEqual({ compiled: 0, lines: [] });
  });
});
