import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../src/package-root.ts';
import { PHASES, STOPS_GO_ON_WITH } from '../src/pipeline/phases.ts';
import { ENDS_GO_ON_WITH, STAGES } from '../src/pipeline/steps/recipient/stages.ts';
import { type Import, isTest, readSourceFiles, type SourceFile } from './tidy/source-files.ts';

/*
 * The rules of ARCHITECTURE.md that a program can check. When one hurts, change it here and in ARCHITECTURE.md, in a
 * commit of its own that says why.
 */

/** Folders inside a folder that are parts of their own. */
const PARTS_INSIDE = ['store/postgres', 'store/embedded', 'integrations/packages'];

/**
 * Import direction: what a part of src/ may import beside itself. A part is a folder, a file directly in src/, or one
 * of PARTS_INSIDE. Read upwards it is the order of the layers.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  // The words everybody shares.
  lib: [],
  'package-root.ts': [],
  'package-version.ts': ['package-root.ts'],
  model: ['lib'],
  // Pure: decide, never do.
  variables: ['model', 'lib'],
  'field-types': ['variables', 'model', 'lib'],
  templates: ['variables', 'model', 'lib'],
  rules: ['templates', 'variables', 'model', 'lib'],
  mappings: ['rules', 'templates', 'variables', 'model', 'lib'],
  pricing: ['rules', 'variables', 'model', 'lib'],
  caps: ['rules', 'templates', 'variables', 'model', 'lib'],
  lists: ['field-types', 'variables', 'model', 'lib'],
  // Rows of files, from bytes in any encoding.
  csv: [],
  // Files that people send: unpacked, and guessed at.
  imports: ['csv', 'field-types', 'lib'],
  // Modules are pure too; the HTTP client beside them is the one that sends.
  integrations: ['csv', 'variables', 'model', 'lib'],
  // Hands messages to mail servers; beside the HTTP client the only way out.
  mail: ['integrations', 'model', 'lib'],
  // Foreign modules in threads of their own; nothing of the engine is within their reach.
  'integrations/packages': ['integrations', 'package-root.ts', 'model', 'lib'],
  // The shapes of what is stored as JSON: a type, a version, a writer and a parser each.
  stored: ['pricing', 'model', 'lib'],
  // What is counted of leads, and how; pure.
  statistics: ['stored', 'model', 'lib'],
  // What leads are found by: words and keyed hashes; questions and matches; pure.
  search: ['stored', 'field-types', 'lib'],
  // What recipients and pricing services ask for; the code that asks with a credential is given the client.
  credentials: ['integrations', 'variables', 'model', 'lib'],
  // Writes objects to S3 and Azure; the client that sends is passed in.
  'object-stores': ['credentials', 'integrations', 'model', 'lib'],
  // Turns a flow into what runs, at deploy. What it makes are types to everybody else.
  'flow-compiler': [
    'access',
    'integrations',
    'pricing',
    'caps',
    'lists',
    'mappings',
    'rules',
    'fields',
    'templates',
    'field-types',
    'variables',
    'model',
    'lib',
  ],
  // Runs what was compiled. The store is a port of its own, `run-store.ts`.
  pipeline: [
    'search',
    'statistics',
    'access',
    'credentials',
    'stored',
    'flow-compiler',
    'integrations',
    'pricing',
    'caps',
    'lists',
    'mappings',
    'rules',
    'templates',
    'field-types',
    'variables',
    'model',
    'lib',
  ],
  // What the API keeps: accounts, fields, flows. Their stores are ports.
  access: ['model', 'lib'],
  // How long what is kept, and what a text loses that is kept longer.
  keeping: ['variables', 'model', 'lib'],
  accounts: ['keeping', 'model', 'lib'],
  entities: [],
  fields: ['field-types', 'model', 'lib'],
  // Judges a document before any lead runs on it.
  lint: ['integrations', 'lists', 'rules', 'templates', 'field-types', 'variables', 'model', 'lib'],
  flows: [
    'access',
    'flow-compiler',
    'lint',
    'pipeline',
    'accounts',
    'destinations',
    'entities',
    'fields',
    'caps',
    'lists',
    'rules',
    'model',
    'lib',
  ],
  // What people change in a flow before they publish it, and what would become of leads on it.
  drafts: ['simulation', 'events', 'flows', 'flow-compiler', 'pipeline', 'stored', 'access', 'model', 'lib'],
  // A webhook and mail addresses that get a message when a cap fills up.
  alerts: ['flow-compiler', 'flows', 'integrations', 'mail', 'caps', 'lib'],
  // A lead that comes in: its place among those under way, its run, its line in the log.
  intake: ['pipeline', 'flow-compiler', 'integrations', 'observe', 'model', 'lib'],
  // What leads left behind, as the API returns it.
  events: [
    'search',
    'statistics',
    'stored',
    'pipeline',
    'flow-compiler',
    'integrations',
    'caps',
    'lists',
    'rules',
    'field-types',
    'variables',
    'model',
    'lib',
  ],
  // Saved filters of lists.
  views: ['access'],
  // Questions to the counts and, where those do not know, to events.
  reports: ['access', 'mail', 'statistics', 'events', 'batches', 'csv', 'stored', 'rules', 'variables', 'model', 'lib'],
  // Sends events where they are copied to, in order and until they have arrived.
  outbox: ['object-stores', 'events', 'model', 'lib'],
  // Events of flows in buckets.
  firehose: ['outbox', 'object-stores', 'credentials', 'flows', 'model', 'lib'],
  // The same events at a URL of the account, signed.
  webhooks: ['outbox', 'integrations', 'model', 'lib'],
  // The same for people.
  explain: ['stored', 'events', 'flow-compiler', 'pipeline', 'rules', 'variables', 'model', 'lib'],
  // What differs between two states of a document, in words.
  changes: ['explain', 'access', 'lib'],
  // What a vendor's developer must know to post leads to a source.
  posting: [
    'events',
    'explain',
    'simulation',
    'lint',
    'flow-compiler',
    'fields',
    'pipeline',
    'integrations',
    'rules',
    'templates',
    'field-types',
    'variables',
    'model',
    'lib',
  ],
  // What is read below /docs: Markdown of this repository as HTML, in the frame of posting pages.
  documentation: ['posting', 'lib'],
  // Sends failed leads through their flow again.
  resubmission: ['events', 'pipeline', 'variables', 'model', 'lib'],
  // Failures that somebody must act on, as groups of what is counted.
  problems: ['retries', 'lib'],
  destinations: ['model', 'lib'],
  // Rows that are delivered as files: when, as what, and until they arrive.
  batches: ['csv', 'model', 'lib'],
  // Events and leads as files: what is asked for, its columns, its text, and the mail that it is ready.
  exports: ['access', 'csv', 'events', 'flow-compiler', 'mail', 'variables', 'model', 'lib'],
  // Files to SFTP servers; connections come from the client's own.
  sftp: ['integrations', 'lib'],
  // Work that is not a request: what each process repeats, what runs at night, what somebody asked for.
  jobs: [
    'statistics',
    'keeping',
    'outbox',
    'access',
    'alerts',
    'batches',
    'csv',
    'events',
    'exports',
    'imports',
    'flow-compiler',
    'pipeline',
    'lists',
    'resubmission',
    'retries',
    'store',
    'integrations',
    'observe',
    'model',
    'lib',
  ],
  // Delivers again what failed, long after the lead was answered.
  retries: ['stored', 'events', 'flow-compiler', 'pipeline', 'field-types', 'variables', 'model', 'lib'],
  // What recipients say of leads later, judged, relayed to the source and decided.
  feedback: [
    'stored',
    'retries',
    'events',
    'flow-compiler',
    'pipeline',
    'integrations',
    'field-types',
    'variables',
    'model',
    'lib',
  ],
  // Takes a lead through the phases without a store, a network or a clock: what would become of it.
  simulation: [
    'keeping',
    'credentials',
    'stored',
    'resubmission',
    'events',
    'flows',
    'lint',
    'flow-compiler',
    'fields',
    'pipeline',
    'integrations',
    'lists',
    'rules',
    'templates',
    'field-types',
    'variables',
    'model',
    'lib',
  ],
  store: ['pipeline', 'caps', 'lists', 'lib'],
  // The PostgreSQL that Sluice starts by itself.
  'store/embedded': ['store/postgres', 'store', 'lib'],
  'store/postgres': [
    'drafts',
    'posting',
    'reports',
    'views',
    'statistics',
    'keeping',
    'variables',
    'outbox',
    'firehose',
    'webhooks',
    'object-stores',
    'alerts',
    'batches',
    'exports',
    'credentials',
    'pricing',
    'stored',
    'store',
    'jobs',
    'observe',
    'pipeline',
    'flow-compiler',
    'destinations',
    'entities',
    'problems',
    'resubmission',
    'retries',
    'feedback',
    'integrations',
    'events',
    'flows',
    'fields',
    'accounts',
    'access',
    'caps',
    'lists',
    'model',
    'lib',
  ],
  'config.ts': ['integrations', 'model', 'lib'],
  observe: ['config.ts', 'pipeline', 'model', 'lib'],
  http: [
    'statistics',
    'keeping',
    'search',
    'reports',
    'views',
    'statistics',
    'outbox',
    'firehose',
    'changes',
    'webhooks',
    'object-stores',
    'access',
    'alerts',
    'batches',
    'exports',
    'sftp',
    'credentials',
    'pricing',
    'caps',
    'jobs',
    'explain',
    'posting',
    'documentation',
    'drafts',
    'simulation',
    'intake',
    'flow-compiler',
    'problems',
    'resubmission',
    'retries',
    'feedback',
    'destinations',
    'entities',
    'pipeline',
    'events',
    'flows',
    'fields',
    'accounts',
    'integrations',
    'mail',
    'imports',
    'lists',
    'field-types',
    'variables',
    'observe',
    'model',
    'lib',
  ],
  demo: ['flows', 'model', 'lib'],
  // The life of a server process: pools, nodes, the configuration it follows, its faults and its end.
  server: ['*'],
  'compose.ts': ['*'],
  // A first start fills the database before there is a server, so it builds its own stores.
  cli: [
    'compose.ts',
    'server',
    'config.ts',
    'package-root.ts',
    'package-version.ts',
    'demo',
    'observe',
    'store',
    'store/embedded',
    'store/postgres',
    'accounts',
    'access',
    'integrations',
    'integrations/packages',
    'mail',
    'model',
    'lib',
  ],
  'main.ts': ['cli', 'package-version.ts'],
};

const PURE = [
  'model',
  'variables',
  'field-types',
  'templates',
  'rules',
  'mappings',
  'pricing',
  'caps',
  'lists',
  'csv',
  'lint',
  'stored',
  'search',
  'statistics',
];
/** The pipeline, explanations and the simulation too are handed their clock, their ids and their randomness. */
const WITHOUT_NODE = [
  ...PURE,
  'credentials',
  'flow-compiler',
  'pipeline',
  'explain',
  'posting',
  'documentation',
  'simulation',
  'lib',
];
const CLOCK_OR_CHANCE =
  /^(Date\.now|Math\.random|new Date\(\)|performance\.now|process\..*|DateTime\.(now|local|utc))$/;
const TIMER_OR_IO = /^(setTimeout|setInterval|setImmediate|fetch|queueMicrotask)\(\)$/;
/** Where the system's clock, chance and timers are made into what is handed out. */
const MAKERS_IN_LIB = ['src/lib/clock.ts', 'src/lib/ids.ts', 'src/lib/loop.ts'];

const BANNED_NAMES = [
  ...['utils', 'util', 'common', 'helpers', 'misc', 'shared', 'core', 'base', 'manager', 'service', 'index'],
];

/** Packages and Node modules that open connections, and the only files that may use them. */
const CONNECTORS: readonly { modules: RegExp; allowed: RegExp }[] = [
  { modules: /^undici$/, allowed: /^src\/integrations\/http-client(\.ts|\/)/ },
  // The thread of a package guards and records what the package connects to.
  {
    modules: /^node:(http|https|http2|tls|dgram)$/,
    allowed: /^src\/(cli\/port-holder|demo\/demo-recipient|integrations\/packages\/worker\/record-exchanges)\.ts$/,
  },
  // isIP and BlockList are arithmetic; connecting is not. The warm-up connects to nothing but its own process.
  {
    modules: /^node:net$/,
    allowed:
      /^src\/(config|http\/sender-address|cli\/port-holder|server\/warm-up\/loopback-(edge|recipient)|mail\/dial-mail-server|integrations\/(http-client\/.*|forbidden-address|packages\/worker\/guard-connections))\.ts$/,
  },
  {
    modules: /^node:dns(\/promises)?$/,
    allowed: /^src\/integrations\/(http-client(\.ts|\/)|packages\/worker\/guard-connections\.ts)/,
  },
  { modules: /^nodemailer(\/|$)/, allowed: /^src\/mail\/.*\.ts$/ },
  // It speaks over the connection that it is given.
  { modules: /^ssh2-sftp-client$/, allowed: /^src\/sftp\/upload-file\.ts$/ },
  // Spans go to the collector that the operator names, never to an address of a flow.
  { modules: /^@opentelemetry\//, allowed: /^src\/observe\/tracing\.ts$/ },
  { modules: /^graphile-worker$/, allowed: /^src\/store\/postgres\/.*\.ts$/ },
  {
    modules: /^pg$/,
    allowed:
      /^src\/(store\/postgres\/.*|server\/pools|cli\/(prepare-first-start|with-database|keys|users|doctor))\.ts$/,
  },
];

const SQL =
  /^\s*(select|insert into|update|delete from|with|create|alter|drop)\s.*\b(from|into|set|as|table|database)\b/s;

/** Files that nothing in the program or its tests imports; entry points. */
const ENTRIES = ['src/main.ts', 'src/integrations/packages/worker/package-worker.ts'];

/** Absolute paths of somebody's machine. */
const WORKPLACES = /(?<![\w.}~-])\/(?:work|home|Users|root)\/[A-Za-z]/;
/** What documents and this test must be able to name. */
const WORKPLACES_ALLOWED = ['test/tidy.test.ts'];

const sources = readSourceFiles(['src']);
const program = sources.filter(({ path }) => !isTest(path));
const everything = [...sources, ...readSourceFiles(['client/src', 'test', 'bench', 'scripts', 'examples'])];
/** The package for other people's programs; it stands alone. */
const client = everything.filter(({ path }) => path.startsWith('client/') && !isTest(path));
/** What users of the client import has its types, too. */
const CLIENT_ENTRY = 'client/src/client.ts';

describe('the layers', () => {
  it('import only downwards', () => {
    expect(program.flatMap((file) => file.imports.flatMap((each) => wrongDirection(file, each)))).toEqual([]);
  });

  it('name every part of src/, and only those', () => {
    expect(Object.keys(MAY_IMPORT).sort()).toEqual([...new Set(program.map(({ path }) => partOf(path)))].sort());
  });

  it('have no circle of parts', () => {
    expect(partsInCircles(program)).toEqual([]);
  });

  it('have no circles', () => {
    expect(firstCircle(program)).toBeUndefined();
  });

  it('have no unused file', () => {
    const roots = [
      ...ENTRIES,
      ...everything.map(({ path }) => path).filter((path) => !program.some((p) => p.path === path)),
    ];
    const reached = reachable(roots);
    expect(program.map(({ path }) => path).filter((path) => !reached.has(path))).toEqual([]);
  });
});

describe('pure code', () => {
  it('imports nothing of Node', () => {
    const found = program.filter(inParts(WITHOUT_NODE)).flatMap((file) => listImports(file, /^node:/));
    expect(found).toEqual([]);
  });

  it('has no clock, no chance and no timers of its own', () => {
    const files = program.filter(inParts(WITHOUT_NODE)).filter(({ path }) => !MAKERS_IN_LIB.includes(path));
    expect(files.flatMap((file) => listReaches(file, CLOCK_OR_CHANCE, TIMER_OR_IO))).toEqual([]);
  });

  it('knows the store and the modules of the pipeline as types only', () => {
    const ports = /^src\/(store|integrations)\//;
    const found = program
      .filter(inParts(['pipeline']))
      .flatMap(({ path, imports }) =>
        imports
          .filter(({ target, isTypeOnly }) => target !== null && ports.test(target) && !isTypeOnly)
          .map(({ target }) => `${path} → ${target}`),
      );
    expect(found).toEqual([]);
  });
});

describe('the client', () => {
  it('imports nothing but itself', () => {
    const own = (target: string | null) => target?.startsWith('client/src/') === true;
    const foreign = client.flatMap(({ path, imports }) =>
      imports.filter(({ target }) => !own(target)).map(({ specifier }) => `${path}: ${specifier}`),
    );
    expect(foreign).toEqual([]);
  });

  it('is not imported by the server', () => {
    const found = program.flatMap(({ path, imports }) =>
      imports.filter(({ target }) => target?.startsWith('client/')).map(({ specifier }) => `${path}: ${specifier}`),
    );
    expect(found).toEqual([]);
  });
});

describe('the edges', () => {
  it.each(CONNECTORS)('$modules is used only in $allowed', ({ modules, allowed }) => {
    const found = program.filter(({ path }) => !allowed.test(path)).flatMap((file) => listImports(file, modules));
    expect(found).toEqual([]);
  });

  it('keep SQL in store/postgres', () => {
    const found = program
      .filter(({ path }) => !path.startsWith('src/store/postgres/'))
      .flatMap(({ path, literals }) => literals.filter((text) => SQL.test(text)).map((text) => `${path}: ${text}`));
    expect(found).toEqual([]);
  });

  it('write to the console only in the command line', () => {
    const found = program
      .filter(({ path }) => !path.startsWith('src/cli/'))
      .flatMap((file) => listReaches(file, /^console\./));
    expect(found).toEqual([]);
  });
});

describe('files', () => {
  it('have names that say something', () => {
    const names = (path: string) => path.split('/').map((segment) => segment.replace(/(\.test)?\.ts$/, ''));
    expect(
      everything.map(({ path }) => path).filter((path) => names(path).some((name) => BANNED_NAMES.includes(name))),
    ).toEqual([]);
  });

  it('are no barrels', () => {
    const files = everything.filter(({ path }) => path !== CLIENT_ENTRY);
    expect(files.flatMap(({ path, reExports }) => reExports.map((text) => `${path}: ${text}`))).toEqual([]);
  });

  it('import each other with the extension, and only what exists', () => {
    const wrong = everything.flatMap(({ path, imports }) =>
      imports
        .filter(
          ({ target }) => target !== null && !(/\.(ts|js|json)$/.test(target) && existsSync(join(packageRoot, target))),
        )
        .map(({ specifier }) => `${path}: ${specifier}`),
    );
    expect(wrong).toEqual([]);
  });

  it('name no path of a workplace', () => {
    const tracked = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
      cwd: packageRoot,
      encoding: 'utf8',
    });
    const texts = tracked
      .split('\0')
      .filter((path) => /\.(ts|js|md|sql|json|yml|example)$/.test(path) && !WORKPLACES_ALLOWED.includes(path));
    expect(
      texts.filter(
        (path) => existsSync(join(packageRoot, path)) && WORKPLACES.test(readFileSync(join(packageRoot, path), 'utf8')),
      ),
    ).toEqual([]);
  });
});

describe('the two tables of the product', () => {
  const places = [
    { rows: PHASES, folder: 'src/pipeline/phases' },
    { rows: STAGES, folder: 'src/pipeline/steps/recipient' },
  ];

  it.each(places)('have a file of the same name for every row in $folder', ({ rows, folder }) => {
    expect(
      rows.map(({ name }) => `${folder}/${name}.ts`).filter((path) => !program.some((file) => file.path === path)),
    ).toEqual([]);
  });

  it('have a row for every file in the folder of phases', () => {
    const files = program
      .filter(({ path }) => path.startsWith('src/pipeline/phases/'))
      .map(({ path }) => basename(path, '.ts'));
    expect(files).toEqual(PHASES.map(({ name }) => name).sort());
  });

  it('go on after a stop with a row they have', () => {
    expect(PHASES.map(({ name }) => name)).toContain(STOPS_GO_ON_WITH);
    expect(STAGES.map(({ name }) => name)).toContain(ENDS_GO_ON_WITH);
  });
});

function partOf(path: string): string {
  const [, first = '', second] = path.split('/');
  const inner = `${first}/${second}`;
  return PARTS_INSIDE.includes(inner) ? inner : first;
}

function inParts(parts: readonly string[]): (file: SourceFile) => boolean {
  return ({ path }) => parts.includes(partOf(path));
}

function wrongDirection({ path }: SourceFile, { target }: Import): string[] {
  if (target === null || target === 'package.json') return [];
  const [from, to] = [partOf(path), partOf(target)];
  const allowed = MAY_IMPORT[from] ?? [];
  return from === to || allowed.some((part) => part === '*' || part === to) ? [] : [`${path} → ${target}`];
}

/** Each part from which imports lead back to itself through another one. */
function partsInCircles(files: readonly SourceFile[]): string[] {
  const next = new Map<string, Set<string>>();
  for (const { path, imports } of files) {
    const from = partOf(path);
    const targets = imports.flatMap(({ target }) => (target?.startsWith('src/') ? [partOf(target)] : []));
    next.set(from, new Set([...(next.get(from) ?? []), ...targets.filter((to) => to !== from)]));
  }
  const reachedFrom = (part: string): Set<string> => {
    const reached = new Set<string>();
    const open = [...(next.get(part) ?? [])];
    while (open.length > 0) {
      const each = open.pop() ?? '';
      if (reached.has(each)) continue;
      reached.add(each);
      open.push(...(next.get(each) ?? []));
    }
    return reached;
  };
  return [...next.keys()].filter((part) => reachedFrom(part).has(part));
}

function listImports({ path, imports }: SourceFile, modules: RegExp): string[] {
  return imports
    .filter(({ specifier, isTypeOnly }) => modules.test(specifier) && !isTypeOnly)
    .map(({ specifier }) => `${path}: ${specifier}`);
}

function listReaches({ path, reaches }: SourceFile, ...patterns: RegExp[]): string[] {
  return reaches.filter((name) => patterns.some((pattern) => pattern.test(name))).map((name) => `${path}: ${name}`);
}

/** The files of a circle of imports, in order; undefined: there is none. */
function firstCircle(files: readonly SourceFile[]): string[] | undefined {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const done = new Set<string>();
  const walk = (path: string, trail: string[]): string[] | undefined => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
    if (done.has(path)) return undefined;
    for (const { target } of byPath.get(path)?.imports ?? []) {
      const circle = target === null ? undefined : walk(target, [...trail, path]);
      if (circle) return circle;
    }
    done.add(path);
    return undefined;
  };
  for (const { path } of files) {
    const circle = walk(path, []);
    if (circle) return circle;
  }
  return undefined;
}

function reachable(roots: readonly string[]): Set<string> {
  const byPath = new Map(everything.map((file) => [file.path, file]));
  const reached = new Set<string>();
  const open = [...roots];
  while (open.length > 0) {
    const path = open.pop() ?? '';
    if (reached.has(path)) continue;
    reached.add(path);
    for (const { target } of byPath.get(path)?.imports ?? []) if (target !== null) open.push(target);
  }
  return reached;
}
