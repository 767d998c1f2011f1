/** A file below `docs/` as it was read. */
export interface DocFile {
  /** Below `docs/`, with `/`: `guides/jobs.md`. */
  path: string;
  text: string;
}

export interface DocPage extends DocFile {
  /** Where it is read as HTML: `/docs/guides/jobs`. */
  address: string;
  /** Where its Markdown is: `/docs/guides/jobs.md`. */
  source: string;
  /** Its heading, without marks. */
  title: string;
  /** What the index says of it: "show a vendor how to post"; null: it says nothing. */
  note: string | null;
}

export interface DocGroup {
  title: string;
  pages: readonly DocPage[];
}

/** What a path below `/docs/` leads to. */
export type Found = { kind: 'page' | 'source'; page: DocPage } | { kind: 'elsewhere'; address: string };

export interface DocLibrary {
  pages: readonly DocPage[];
  /** What the menu of each page lists: guides and reference in the order of the index, then the rest. */
  groups: readonly DocGroup[];
  /** What is at a path below `/docs/`, such as `guides/jobs.md`. */
  find(path: string): Found | undefined;
  /**
   * Where a link of a page leads: an address of this server with the title of the page, or a URL; null: to a file that is
   * not served.
   */
  resolve(from: DocPage, target: string): { href: string; title: string | null } | null;
}

const ROOT = '/docs/';
/** The page of a folder. */
const INDEX = 'README.md';
const GUIDES = 'guides/';
const REFERENCE = 'reference/';
/** They are many: the menu has their index alone. */
const DECISIONS = 'decisions/';
/** A row of the index: `| show a vendor how to post | [posting-pages.md](guides/posting-pages.md) |`. */
const INDEX_ROW = /^\| (.+?) \| \[[^\]]*\]\(([^)#\s]+)\) \|$/gm;

/** Pages, menu and addresses of the files of `docs/`. Folders keep their names, so that links between files hold. */
export function buildLibrary(files: readonly DocFile[]): DocLibrary {
  const index = files.find(({ path }) => path === INDEX)?.text ?? '';
  const notes = new Map([...index.matchAll(INDEX_ROW)].map(([, note = '', path = '']) => [path, note]));
  const order = [...notes.keys()];
  const rank = ({ path }: DocFile) => (order.includes(path) ? order.indexOf(path) : order.length);
  const pages = files
    .map((file) => buildPage(file, notes.get(file.path) ?? null))
    .toSorted((one, other) => rank(one) - rank(other) || (one.path < other.path ? -1 : 1));
  const byPath = new Map(pages.map((page) => [page.path, page]));
  const found = listAddresses(pages);
  return {
    pages,
    groups: groupPages(pages),
    find: (path) => found.get(path.replace(/\/+$/, '')),
    resolve: (from, target) => resolveTarget(byPath, { from, target }),
  };
}

function buildPage(file: DocFile, note: string | null): DocPage {
  const name = file.path.replace(/\.md$/, '').replace(/(^|\/)README$/, '$1');
  const title = /^# +(.+)$/m.exec(file.text)?.[1] ?? name;
  return {
    ...file,
    note,
    address: ROOT + name,
    source: ROOT + file.path,
    title: title.replace(/[`*]/g, ''),
  };
}

function listAddresses(pages: readonly DocPage[]): Map<string, Found> {
  const found = new Map<string, Found>();
  const below = (address: string) => address.slice(ROOT.length).replace(/\/+$/, '');
  // The first stays: a page before what leads to it, a guide before a page of the reference with its name.
  const add = (path: string, what: Found) => void (found.has(path) || found.set(path, what));
  for (const page of pages) {
    add(below(page.address), { kind: 'page', page });
    add(below(page.source), { kind: 'source', page });
  }
  for (const folder of [GUIDES, REFERENCE]) {
    add(below(ROOT + folder), { kind: 'elsewhere', address: ROOT });
    for (const page of pages.filter(({ path }) => path.startsWith(folder))) {
      add(below(page.address).slice(folder.length), { kind: 'elsewhere', address: page.address });
      add(below(page.source).slice(folder.length), { kind: 'elsewhere', address: page.source });
    }
  }
  for (const page of pages.filter(({ path }) => path.endsWith(INDEX)))
    add(below(page.source).replace(/\.md$/, ''), { kind: 'elsewhere', address: page.address });
  return found;
}

function groupPages(pages: readonly DocPage[]): DocGroup[] {
  const within = (folder: string) => pages.filter(({ path }) => path.startsWith(folder));
  const others = pages.filter(({ path }) => path !== INDEX && (!path.includes('/') || path === `${DECISIONS}${INDEX}`));
  return [
    { title: 'Guides', pages: within(GUIDES) },
    { title: 'Reference', pages: within(REFERENCE) },
    { title: 'Background', pages: others },
  ];
}

function resolveTarget(
  byPath: ReadonlyMap<string, DocPage>,
  { from, target }: { from: DocPage; target: string },
): ReturnType<DocLibrary['resolve']> {
  if (/^https?:\/\//.test(target) || target.startsWith('#')) return { href: target, title: null };
  // Its folders stand for those of the repository: what leads out of docs/ leads out of this.
  const { pathname, hash } = new URL(target, `http://docs/docs/${from.path}`);
  const page = pathname.startsWith(ROOT) ? byPath.get(pathname.slice(ROOT.length)) : undefined;
  return page ? { href: page.address + hash, title: page.title } : null;
}
