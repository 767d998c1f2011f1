import { type EventLoopUtilization, monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { Counter, Gauge, Registry } from 'prom-client';
import type { LeadRun } from '../pipeline/lead-run.ts';
import { PHASES } from '../pipeline/phases.ts';
import type { RunEnd } from '../pipeline/run-lead.ts';
import { createHistogram, type HistogramSeries } from './histogram.ts';

/** Numbers of this process for Prometheus. Labels are words of tables: no ids, no values of leads. */
export interface Metrics {
  /** @param ms from the first byte of the request to the answer */
  recordLead(run: LeadRun, end: { end: RunEnd; ms: number }): void;
  recordPing(run: LeadRun, end: { end: RunEnd; ms: number }): void;
  /** A submission that never became a lead. @param why a code of the error table */
  recordRefusal(why: string): void;
  recordApiCall(call: { route: string; status: number; ms: number }): void;
  recordJobRun(run: { job: string; outcome: string; ms: number }): void;
  /** A later attempt of a failed delivery. */
  recordAttempt(run: LeadRun): void;
  /** Events that were sent to a bucket; `failed`: the bucket as a whole, once for each attempt. */
  recordSent(sent: { service: string; outcome: string; events: number }): void;
  /** A group of the store that is about to commit; call what it returns when it has. */
  watchGroup(group: { queue: string; items: number }): () => void;
  /** By name without the prefix, what it is and how it is read. A source that fails is left out of that answer. */
  addGauges(gauges: MetricGauges): void;
  /** Everything in the text format of Prometheus; gauges are read now. */
  write(): Promise<string>;
  contentType: string;
  close(): void;
}

export interface MetricLabels {
  version: string;
  /** Which of the processes that share the port; a label of every number. */
  worker: string;
}

export type MetricGauges = Readonly<Record<string, { help: string; read(): number | Promise<number> }>>;

const PREFIX = 'sluice_';
/** From a tenth of a millisecond to the longest timeout of a recipient. */
const SECONDS = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 360,
];
/** Up to the bound of a group. */
const GROUP_ITEMS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];
const LOOP_RESOLUTION_MS = 20;

export function createMetrics({ version, worker }: MetricLabels): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ worker });
  const registers = [registry];
  const leads = new Counter({
    name: `${PREFIX}leads_total`,
    help: 'Leads by outcome; answered: the source’s module answered itself, unavailable: 503.',
    labelNames: ['outcome'],
    registers,
  });
  const pings = new Counter({
    name: `${PREFIX}pings_total`,
    help: 'Pings by outcome; limited: a ping limit was full, answered: refused before they were decided, unavailable: 503.',
    labelNames: ['outcome'],
    registers,
  });
  const refusals = new Counter({
    name: `${PREFIX}submissions_refused_total`,
    help: 'Submissions refused before they became a lead, by the code of the error.',
    labelNames: ['code'],
    registers,
  });
  const leadSeconds = createHistogram({
    name: `${PREFIX}lead_seconds`,
    help: 'How long senders waited for their answer.',
    buckets: SECONDS,
    registers,
  });
  const pingSeconds = createHistogram({
    name: `${PREFIX}ping_seconds`,
    help: 'How long senders of pings waited for their answer.',
    buckets: SECONDS,
    registers,
  });
  const phaseSeconds = createHistogram({
    name: `${PREFIX}phase_seconds`,
    help: 'How long each phase took.',
    buckets: SECONDS,
    registers,
  });
  const deliveries = new Counter({
    name: `${PREFIX}deliveries_total`,
    help: 'Recipient steps by module and outcome.',
    labelNames: ['module', 'outcome'],
    registers,
  });
  const deliverySeconds = createHistogram({
    name: `${PREFIX}delivery_seconds`,
    help: 'How long recipient steps took, by module.',
    buckets: SECONDS,
    registers,
  });
  const bids = new Counter({
    name: `${PREFIX}bids_total`,
    help: 'Bids of auctions by what became of them: won, lost, none, late.',
    labelNames: ['outcome'],
    registers,
  });
  const bidSeconds = createHistogram({
    name: `${PREFIX}bid_seconds`,
    help: 'How long auctions waited for their bids: the slowest of each.',
    buckets: SECONDS,
    registers,
  });
  const apiSeconds = createHistogram({
    name: `${PREFIX}api_seconds`,
    help: 'How long calls of the API took, by route and status.',
    buckets: SECONDS,
    registers,
  });
  const jobSeconds = createHistogram({
    name: `${PREFIX}job_seconds`,
    help: 'How long runs of jobs took, by job and outcome.',
    buckets: SECONDS,
    registers,
  });
  const attempts = new Counter({
    name: `${PREFIX}attempts_total`,
    help: 'Later attempts of failed deliveries by module and outcome.',
    labelNames: ['module', 'outcome'],
    registers,
  });
  const sent = new Counter({
    name: `${PREFIX}firehose_events_total`,
    help: 'Events sent to buckets and webhooks by service and outcome; refused: one of them, failed: attempts that the receiver did not take.',
    labelNames: ['service', 'outcome'],
    registers,
  });
  const groupItems = createHistogram({
    name: `${PREFIX}group_items`,
    help: 'Leads that the store answered together, by its queue: look, or commit (claims and settlements).',
    buckets: GROUP_ITEMS,
    registers,
  });
  const groupSeconds = createHistogram({
    name: `${PREFIX}group_seconds`,
    help: 'How long a group took to commit; that of the queue commit includes the flush to disk.',
    buckets: SECONDS,
    registers,
  });
  const ofLeads = leadSeconds.series({});
  const ofPings = pingSeconds.series({});
  const byPhase = PHASES.map(({ name }) => phaseSeconds.series({ phase: name }));
  /** Its names are those of modules, so it stays small. */
  const byModule = new Map<string, HistogramSeries>();
  const secondsOf = (moduleId: string): HistogramSeries => {
    const series = byModule.get(moduleId) ?? deliverySeconds.series({ module: moduleId });
    byModule.set(moduleId, series);
    return series;
  };
  const closeProcess = addProcess(registers, version);

  const recordDeliveries = ({ stepResults }: LeadRun, counter: typeof deliveries) => {
    for (const result of stepResults) {
      if (result.kind !== 'recipient') continue;
      counter.inc({ module: result.moduleId, outcome: result.outcome });
      secondsOf(result.moduleId).observe((result.endedAt - result.startedAt) / 1000);
    }
  };

  const ofBids = bidSeconds.series({});
  const recordBids = ({ candidates }: LeadRun['distributions'][number]) => {
    let slowest = -1;
    for (const { verdict, bid } of candidates) {
      if (!bid) continue;
      bids.inc({ outcome: bidLabel(verdict, bid) });
      if (bid.from === 'asked') slowest = Math.max(slowest, bid.ms);
    }
    if (slowest >= 0) ofBids.observe(slowest / 1000);
  };

  return {
    recordLead(run, { end, ms }) {
      leads.inc({ outcome: outcomeLabel(run, end) });
      ofLeads.observe(ms / 1000);
      byPhase.forEach((series, index) => {
        const phaseMs = run.phaseMs[index];
        // Phases that a stopped lead passed over leave gaps.
        if (phaseMs !== undefined) series.observe(phaseMs / 1000);
      });
      recordDeliveries(run, deliveries);
      for (const distribution of run.distributions) recordBids(distribution);
    },
    recordPing(run, { end, ms }) {
      pings.inc({ outcome: run.limitRefusal ? 'limited' : outcomeLabel(run, end) });
      ofPings.observe(ms / 1000);
    },
    recordAttempt: (run) => recordDeliveries(run, attempts),
    recordSent: ({ service, outcome, events }) => sent.inc({ service, outcome }, events),
    watchGroup({ queue, items }) {
      groupItems.series({ queue }).observe(items);
      const startedAt = performance.now();
      return () => groupSeconds.series({ queue }).observe((performance.now() - startedAt) / 1000);
    },
    addGauges(gauges) {
      for (const [name, { help, read }] of Object.entries(gauges))
        addGauge(registers, { name: `${PREFIX}${name}`, help, read });
    },
    recordRefusal: (code) => refusals.inc({ code }),
    recordApiCall: ({ route, status, ms }) => apiSeconds.series({ route, status: String(status) }).observe(ms / 1000),
    recordJobRun: ({ job, outcome, ms }) => jobSeconds.series({ job, outcome }).observe(ms / 1000),
    write: () => registry.metrics(),
    contentType: registry.contentType,
    close: closeProcess,
  };
}

function outcomeLabel(run: LeadRun, end: RunEnd): string {
  if (end.kind === 'unavailable') return 'unavailable';
  // Before the lead exists the source's module, or the check of the sender, answers by itself.
  return run.vars.lead === undefined ? 'answered' : run.outcome;
}

type Candidates = LeadRun['distributions'][number]['candidates'];

function bidLabel(
  verdict: Candidates[number]['verdict'],
  bid: NonNullable<Candidates[number]['bid']>,
): 'won' | 'lost' | 'none' | 'late' {
  if (bid.isLate) return 'late';
  if (bid.amount === null) return 'none';
  return verdict === 'accepted' || verdict === 'unknown' ? 'won' : 'lost';
}

function addGauge(
  registers: Registry[],
  { name, help, read }: { name: string; help: string; read(): number | Promise<number> },
): void {
  new Gauge({
    name,
    help,
    registers,
    async collect() {
      try {
        this.set(await read());
      } catch {
        // The database is away: a number of before would look like one of now.
        this.remove();
      }
    },
  });
}

/** The process itself: memory, CPU, how late its event loop is. */
function addProcess(registers: Registry[], version: string): () => void {
  const delay = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS });
  delay.enable();
  let before: EventLoopUtilization = performance.eventLoopUtilization();
  new Gauge({ name: `${PREFIX}build_info`, help: 'The version, as a label.', labelNames: ['version'], registers }).set(
    { version },
    1,
  );
  const read = {
    process_resident_memory_bytes: { help: 'Memory of the process.', read: () => process.memoryUsage.rss() },
    process_cpu_seconds_total: {
      help: 'CPU time of the process since its start.',
      read: () => {
        const { user, system } = process.cpuUsage();
        return (user + system) / 1e6;
      },
    },
    process_start_time_seconds: {
      help: 'Epoch seconds of the start.',
      read: () => performance.timeOrigin / 1000,
    },
    event_loop_lag_p99_seconds: {
      help: 'How late the event loop was since the last reading, 99 of 100 times less.',
      read: () => {
        const lag = Math.max(0, delay.percentile(99) / 1e9 - LOOP_RESOLUTION_MS / 1000);
        delay.reset();
        return lag;
      },
    },
    event_loop_utilization: {
      help: 'Share of the time since the last reading that the event loop was busy.',
      read: () => {
        const now = performance.eventLoopUtilization();
        const { utilization } = performance.eventLoopUtilization(now, before);
        before = now;
        return utilization;
      },
    },
  };
  for (const [name, { help, read: readNow }] of Object.entries(read))
    addGauge(registers, { name: name.startsWith('process') ? name : `${PREFIX}${name}`, help, read: readNow });
  return () => delay.disable();
}
