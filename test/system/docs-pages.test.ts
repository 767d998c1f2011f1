import { readdirSync, readFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { load } from 'cheerio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HELP, HELP_OF_PARTS } from '../../console/src/shell/help-pages.ts';
import { packageRoot } from '../../src/package-root.ts';
import { type ComposedServer, startTestServer } from '../harness/server.ts';
import { isTest, readSourceFiles } from '../tidy/source-files.ts';

const DOCS = join(packageRoot, 'docs');
const FILES = readdirSync(DOCS, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.md'));

let server: ComposedServer;
const lines: object[] = [];
const write = (fields: object) => void lines.push(fields);

beforeAll(async () => {
  server = await startTestServer({ log: { error: write, warn: write, info: write, debug: write } });
});
afterAll(() => server.stop());

interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** With the path as it is given: `fetch` would resolve `..`. */
async function ask(path: string, how: { method?: string; headers?: Record<string, string> } = {}): Promise<Reply> {
  const { hostname, port } = new URL(server.url);
  return new Promise<Reply>((resolve, reject) => {
    const req = request({ hostname, port, path, method: how.method ?? 'GET', headers: how.headers ?? {} }, (res) => {
      const parts: Buffer[] = [];
      res.on('data', (part: Buffer) => parts.push(part));
      res.on('end', () => resolve({ status: res.statusCode ?? 0, headers: res.headers, body: Buffer.concat(parts) }));
    });
    req.on('error', reject);
    req.end();
  });
}

interface WalkedPage {
  ids: readonly string[];
  links: readonly string[];
  headings: readonly string[];
  text: string;
}

/** Each page to which links lead from the index, and the status of each other address of this server. */
async function walk(): Promise<{ pages: Map<string, WalkedPage>; statuses: Map<string, number> }> {
  const pages = new Map<string, WalkedPage>();
  const statuses = new Map<string, number>();
  const open = ['/docs/'];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const { status, headers, body } = await ask(path);
    statuses.set(path, status);
    if (status !== 200 || !path.startsWith('/docs/') || path.endsWith('.md')) continue;
    expect(headers['content-type'], path).toBe('text/html; charset=utf-8');
    const page = readPage(body.toString(), path);
    pages.set(path, page);
    const next = new Set(
      page.links.filter((link) => link.startsWith(server.url)).map((link) => new URL(link).pathname),
    );
    open.push(...[...next].filter((each) => !statuses.has(each) && !open.includes(each)));
  }
  return { pages, statuses };
}

function readPage(html: string, path: string): WalkedPage {
  const $ = load(html);
  const hrefs = $('a[href]').map((_, each) => $(each).attr('href') ?? '');
  return {
    ids: $('[id]')
      .map((_, each) => $(each).attr('id') ?? '')
      .get(),
    links: hrefs.get().map((href) => new URL(href, server.url + path).href),
    headings: $('h1')
      .map((_, each) => $(each).text())
      .get(),
    text: $('main').text(),
  };
}

/** Links to sections that no page has, as `from → to`. */
function listLostAnchors(pages: ReadonlyMap<string, WalkedPage>, links: readonly { from: string; to: string }[]) {
  return links.flatMap(({ from, to }) => {
    const { pathname, hash } = new URL(to);
    const page = pages.get(pathname.replace(/README\.md$/, '').replace(/\.md$/, ''));
    if (!page) return [`${from} → ${to}: no page`];
    return hash === '' || page.ids.includes(decodeURIComponent(hash.slice(1))) ? [] : [`${from} → ${to}: no section`];
  });
}

describe('the documentation', () => {
  let pages: Map<string, WalkedPage>;
  let statuses: Map<string, number>;
  beforeAll(async () => {
    ({ pages, statuses } = await walk());
  }, 120_000);

  it('has a page of each file, and links lead to each of them', () => {
    const addresses = FILES.map((path) => `/docs/${path.replace(/\.md$/, '').replace(/(^|\/)README$/, '$1')}`);
    expect(addresses.length).toBeGreaterThan(150);
    expect([...pages.keys()].sort()).toEqual(addresses.sort());
  });

  it('has no link to this server that ends elsewhere than at a page', () => {
    const bad = [...statuses].filter(([path, status]) => status !== 200 && !path.startsWith('/app'));
    expect(bad).toEqual([]);
    // Without a build the console says so; it has an address all the same.
    expect([200, 503]).toContain(statuses.get('/app/'));
  });

  it('has the section of each link', () => {
    const links = [...pages].flatMap(([from, { links: all }]) =>
      all.filter((to) => to.startsWith(`${server.url}/docs/`)).map((to) => ({ from, to })),
    );
    expect(links.length).toBeGreaterThan(5_000);
    expect(
      listLostAnchors(
        pages,
        links.filter(({ to }) => !to.endsWith('.md')),
      ),
    ).toEqual([]);
  });

  it('has one h1 and no id twice on a page, and no mark that was not read', () => {
    const bad = [...pages].flatMap(([path, { ids, headings, text }]) => [
      ...(headings.length === 1 ? [] : [`${path}: ${headings.length} h1`]),
      ...(new Set(ids).size === ids.length ? [] : [`${path}: an id twice`]),
      ...(/\]\((?:\.\.\/|[\w-]+\.md)/.test(text) ? [`${path}: a link as text`] : []),
      ...(text.includes('<!--') ? [`${path}: a comment`] : []),
    ]);
    expect(bad).toEqual([]);
  });

  it('is Markdown with .md behind the address, whose links hold, too', async () => {
    const found = await Promise.all(
      FILES.map(async (path) => {
        const url = `/docs/${path}`;
        const { status, headers, body } = await ask(url);
        const text = body.toString();
        return { url, status, type: headers['content-type'], text, links: listMarkdownLinks(text, server.url + url) };
      }),
    );
    expect(found.filter(({ status, type }) => status !== 200 || type !== 'text/markdown; charset=utf-8')).toEqual([]);
    expect(found.filter(({ text }) => !text.startsWith('# ') || /^<!--/m.test(withoutCode(text)))).toEqual([]);
    const links = found.flatMap(({ url, links: own }) => own.map((to) => ({ from: url, to })));
    expect(links.length).toBeGreaterThan(500);
    expect(listLostAnchors(pages, links)).toEqual([]);
  });

  it('is what messages, descriptions and the console name', async () => {
    const openApi = (await ask('/openapi.json')).body.toString();
    const flowSchema = (await ask('/schemas/flow.json')).body.toString();
    const described = [openApi, flowSchema].flatMap((text) =>
      [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, to = '']) => ({ from: 'a description', to })),
    );
    expect(described.length).toBeGreaterThan(10);
    const program = readSourceFiles(['src', 'console/src']).filter(({ path }) => !isTest(path));
    const named = program.flatMap(({ path, literals }) =>
      literals.flatMap((text) =>
        [...text.matchAll(/(?<![\w/])\/?docs\/((?:guides|reference|decisions)\/[\w-]+|dependencies|glossary)/g)].map(
          ([, page = '']) => ({ from: path, to: `/docs/${page}` }),
        ),
      ),
    );
    expect(named.length).toBeGreaterThan(0);
    const helps = [...Object.entries(HELP), ...Object.entries(HELP_OF_PARTS)].map(([screen, page]) => ({
      from: `help of ${screen}`,
      to: `/docs/${page}`,
    }));
    expect(helps.length).toBeGreaterThan(50);
    const all = [...described, ...named, ...helps].map(({ from, to }) => ({ from, to: new URL(to, server.url).href }));
    expect(listLostAnchors(pages, all)).toEqual([]);
  });
});

/** Links outside code, as whole URLs; those that lead to other servers left out. */
function listMarkdownLinks(text: string, url: string): string[] {
  const targets = [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)].map(
    ([, target = '']) => new URL(target, url).href,
  );
  return targets.filter((target) => target.startsWith(server.url));
}

function withoutCode(text: string): string {
  return text.replace(/^```.*?^```/gms, '').replace(/(`+)[^`]+\1/g, 'code');
}

describe('an answer of it', () => {
  it('may load and run nothing, and is kept by browsers for minutes', async () => {
    const { headers } = await ask('/docs/guides/jobs');
    expect(headers).toMatchObject({
      'cache-control': 'public, max-age=300',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      link: '</docs/guides/jobs.md>; rel="alternate"; type="text/markdown", </llms.txt>; rel="describedby"; type="text/plain"',
    });
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'; script-src 'none'; style-src ('none'|'sha256-[\w+/=]{44}'); connect-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
    );
    expect(headers['set-cookie']).toBeUndefined();
  });

  it.each(['/docs/guides/jobs', '/docs/guides/jobs.md'])('%s is compressed, and not sent twice', async (path) => {
    const plain = await ask(path);
    const packed = await ask(path, { headers: { 'accept-encoding': 'gzip' } });
    expect(packed.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'Accept-Encoding' });
    expect(gunzipSync(packed.body).equals(plain.body)).toBe(true);
    expect(packed.headers.etag).not.toBe(plain.headers.etag);
    const again = await ask(path, { headers: { 'if-none-match': plain.headers.etag ?? '' } });
    expect([again.status, again.body.length]).toEqual([304, 0]);
  });

  it('is the same each time, and made once', async () => {
    const replies = await Promise.all(Array.from({ length: 20 }, () => ask('/docs/reference/answers')));
    expect(new Set(replies.map(({ headers }) => headers.etag)).size).toBe(1);
    const before = process.cpuUsage();
    await ask('/docs/reference/answers');
    const { user, system } = process.cpuUsage(before);
    // To render it takes ten times as long.
    expect((user + system) / 1_000).toBeLessThan(30);
  });

  it('to HEAD has the headers alone', async () => {
    const [got, head] = await Promise.all([ask('/docs/'), ask('/docs/', { method: 'HEAD' })]);
    expect([head.status, head.body.length]).toEqual([200, 0]);
    expect(head.headers['content-length']).toBe(got.headers['content-length']);
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('to %s is 405', async (method) => {
    for (const path of ['/docs', '/docs/guides/jobs', '/llms.txt']) {
      const { status, headers } = await ask(path, { method });
      expect([status, headers.allow]).toEqual([405, 'GET, HEAD']);
    }
  });

  it.each([
    ['/docs/README', '/docs/'],
    ['/docs/decisions/README', '/docs/decisions/'],
    ['/docs/guides', '/docs/'],
    ['/docs/reference/', '/docs/'],
    ['/docs/imports', '/docs/guides/imports'],
    ['/docs/imports.md', '/docs/guides/imports.md'],
    ['/docs/jobs', '/docs/guides/jobs'],
    ['/docs/settings', '/docs/reference/settings'],
  ])('at %s leads to %s', async (path, address) => {
    const { status, headers } = await ask(path);
    expect([status, headers.location]).toEqual([308, address]);
    expect((await ask(address)).status).toBe(200);
  });

  it.each(['/docs', '/docs/', '/docs/decisions', '/docs/guides/jobs/'])('at %s is the page', async (path) => {
    expect((await ask(path)).status).toBe(200);
  });
});

describe('a path to nothing', () => {
  const HOSTILE = [
    ...['/docs/../package.json', '/docs/%2e%2e/package.json', '/docs/..%2fpackage.json', '/docs/..%5cpackage.json'],
    ...['/docs/guides/../../package.json', '/docs/guides/..%2f..%2fREADME.md', '/docs/%2e%2e%2f%2e%2e%2fetc/passwd'],
    ...['/docs/guides/jobs.md%00', '/docs//etc/passwd', '/docs/reference/openapi.json', '/docs/.env', '/docs/nothing'],
    ...['/docs/__proto__', '/docs/constructor', '/docs/guides/jobs.html', '/docs/guides/JOBS', '/docs/%C0%AE'],
  ];
  it.each(HOSTILE)('%s is no page', async (path) => {
    for (const accept of ['*/*', 'text/html,*/*;q=0.8']) {
      const { status, body } = await ask(path, { headers: { accept } });
      expect([400, 404]).toContain(status);
      expect(body.toString()).not.toMatch(/"dependencies"|root:|# Sluice/);
    }
  });

  it('says where the pages are, to people and to programs', async () => {
    const page = await ask('/docs/nothing', { headers: { accept: 'text/html' } });
    const $ = load(page.body.toString());
    expect($('h1').text()).toBe('There is no such page');
    expect($('nav a').length).toBeGreaterThan(50);
    expect(page.headers['cache-control']).toBe('no-store');
    const text = await ask('/docs/nothing');
    expect(text.body.toString()).toBe('The documentation has no such page; /llms.txt lists those that it has.\n');
  });
});

describe('/llms.txt', () => {
  it('has the form of llmstxt.org, and links that work', async () => {
    const { status, headers, body } = await ask('/llms.txt');
    const text = body.toString();
    expect([status, headers['content-type']]).toEqual([200, 'text/plain; charset=utf-8']);
    const [title, , quote] = text.split('\n');
    expect(title).toBe('# Sluice');
    expect(quote).toMatch(/^> A self-hosted server/);
    expect([...text.matchAll(/^#+ .*$/gm)].map(([heading]) => heading)).toEqual([
      ...['# Sluice', '## Guides', '## Reference', '## API', '## Optional'],
    ]);
    const sections = text.split(/^## .*$/m).slice(1);
    const entries = sections.flatMap((section) => section.trim().split('\n'));
    const wrong = entries.filter((entry) => !/^- \[[^\]]+\]\(http:\/\/127\.0\.0\.1:\d+\/\S+\)(: .+)?$/.test(entry));
    expect(wrong).toEqual([]);
    const urls = entries.map((entry) => /\((\S+)\)/.exec(entry)?.[1] ?? '');
    const guides = FILES.filter((path) => /^(guides|reference)\//.test(path)).map(
      (path) => `${server.url}/docs/${path}`,
    );
    expect(urls).toEqual(expect.arrayContaining([...guides, `${server.url}/openapi.json`]));
    const replies = await Promise.all(urls.map((url) => ask(new URL(url).pathname)));
    expect(replies.map((reply) => reply.status).filter((each) => each !== 200)).toEqual([]);
  });

  it('tells how posting pages are Markdown', async () => {
    expect((await ask('/llms.txt')).body.toString()).toContain('`/submission/TOKEN.md`');
  });

  it('names the host that was asked for, and no other text of the request', async () => {
    const { body } = await ask('/llms.txt', { headers: { host: 'leads.example.com' } });
    expect(body.toString()).toContain('](http://leads.example.com/docs/guides/jobs.md)');
    const hostile = await ask('/llms.txt', { headers: { host: 'a)](http://evil.example' } });
    expect(hostile.body.toString()).not.toContain('evil.example');
  });
});

it('left no fault in the log', () => {
  expect(lines.filter((each) => JSON.stringify(each).includes('docs'))).toEqual([]);
});

it('is in the package and not left out of the image', () => {
  const { files } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { files: string[] };
  expect(files).toContain('docs/**/*.md');
  expect(readFileSync(join(packageRoot, '.dockerignore'), 'utf8')).not.toMatch(/docs|\.md/);
});
