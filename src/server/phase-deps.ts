import { createHash, randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type pg from 'pg';
import type { KeyAuthentication } from '../access/authenticate-api-key.ts';
import { maySubmit } from '../access/may-submit.ts';
import { createAskPrice } from '../credentials/ask-price.ts';
import { systemTools } from '../integrations/builtin-modules.ts';
import type { Clock } from '../lib/clock.ts';
import { createListHash } from '../lists/hash-list-form.ts';
import { createTraceRequest } from '../observe/trace-ids.ts';
import { openTracing, type Tracing } from '../observe/tracing.ts';
import { packageVersion } from '../package-version.ts';
import type { PhaseDeps } from '../pipeline/phase.ts';
import { ensureListHashKey } from '../store/postgres/installation.ts';
import { createListStore } from '../store/postgres/lists.ts';
import { prepareHashes } from '../templates/hash-helpers.ts';
import { createKeyedHash, createSearchHash } from './keyed-hash.ts';
import { answerOwnBatches } from './own-batches.ts';
import { answerOwnLists } from './own-lists.ts';
import { reportFault } from './report-fault.ts';
import type { ServerOptions } from './server-options.ts';
import { startTimer } from './start-timer.ts';

type Given = Pick<
  PhaseDeps,
  'clock' | 'ids' | 'findFlow' | 'store' | 'takeTurn' | 'deliver' | 'innerFlows' | 'isLeaseHeld' | 'credentials'
> & {
  pool: pg.Pool;
  keys: Pick<KeyAuthentication, 'authenticate'>;
  tracing: Tracing | null;
};

/** What the phases of every lead use, from the parts of the server and its settings. */
export async function buildPhaseDeps({ config, log }: ServerOptions, given: Given): Promise<PhaseDeps> {
  const { pool, keys, tracing, ...own } = given;
  await prepareHashes();
  const hashKey = await ensureListHashKey(pool, randomBytes);
  const keyed = await createKeyedHash(hashKey);
  const hashListValue = createListHash({
    md5: (text) => createHash('md5').update(text).digest('hex'),
    keyed,
  });
  const report: PhaseDeps['report'] = (fault) => reportFault(log, fault);
  return {
    ...own,
    deliver: answerOwnBatches(
      answerOwnLists(own.deliver, {
        ...{ lists: createListStore(pool), hashListValue, ids: own.ids, clock: own.clock, startTimer },
        report: (error) => report({ leadId: '', where: 'own lists', error }),
      }),
      own.clock,
    ),
    askPrice: createAskPrice({
      ...{ deliver: own.deliver, tools: systemTools(own.clock), clock: own.clock },
      credentials: own.credentials ?? null,
    }),
    random: Math.random,
    maySubmit: async (authorization, source) => maySubmit(await keys.authenticate(authorization), source),
    hashListValue,
    hashSearchValue: await createSearchHash(hashKey),
    host: hostname(),
    version: packageVersion(),
    timeoutMs: config.timeoutSeconds * 1000,
    settleWaitMs: config.settleWaitSeconds * 1000,
    startTimer,
    ...(config.isTracePassedOn && { traceRequest: createTraceRequest(tracing?.isSampled ?? (() => false)) }),
    report,
  };
}

/** null: no collector is configured. */
export async function openConfiguredTracing(
  { config, nodeName, log }: ServerOptions,
  clock: Clock,
): Promise<Tracing | null> {
  const { otlpEndpoint: endpoint, tracePercent: percent } = config;
  if (endpoint === null) return null;
  return openTracing({ endpoint, percent, version: packageVersion(), nodeName, clock, startTimer, log });
}
