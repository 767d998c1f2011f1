import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ComposedServer, startTestServer } from '../harness/server.ts';
import { flowOf } from './flows.ts';

/** What is typed or pasted, and which leads it finds: over HTTP, with the words in a real database. */

const FIELDS = [
  ...[
    'first_name',
    'last_name',
    'email',
    'phone_1',
    'phone_2',
    'address_1',
    'city',
    'state',
    'postal_code',
    'reference',
    'ssn',
  ],
];

const PEOPLE: Readonly<Record<string, Record<string, string>>> = {
  fred: {
    first_name: 'Fred',
    last_name: 'Smith',
    city: 'Austin',
    state: 'TX',
    postal_code: '78704',
    email: 'fred@example.com',
  },
  freda: { first_name: 'Freda', last_name: 'Smithson', city: 'Dallas', state: 'TX', phone_1: '(512) 789-4321' },
  samantha: { first_name: 'Samantha', last_name: "O'Brien", city: 'New York', state: 'NY', reference: 'REF-0042/a' },
  sam: { first_name: 'Sam', last_name: 'de la Cruz', address_1: '12 Müller-Straße', email: 'sam+tag@example.com' },
  jose: { first_name: 'José', last_name: 'Núñez-Ruiz', phone_1: '+44 20 7946 0958', city: 'San Antonio', state: 'TX' },
  li: { first_name: '小龙', last_name: '李' },
  evil: {
    first_name: '<b>Bobby</b>',
    last_name: "Tables'); drop",
    city: 'York',
    ssn: '219-09-9999',
    address_1: '1 Oak 219-09-9999',
  },
};

let server: ComposedServer;
/** By name in PEOPLE, the lead's id. */
const ids = new Map<string, string>();

beforeAll(async () => {
  server = await startTestServer();
  const flow = await server.deploy(flowOf([], { fields: FIELDS }));
  for (const [name, values] of Object.entries(PEOPLE)) {
    const { body } = await server.submit(flow, values);
    ids.set(name, body.lead.id);
  }
});
afterAll(() => server.stop());

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
type Found = { status: number; body: any; headers: Headers };

function search(query: string, more = '', key?: string): Promise<Found> {
  return server.api('GET', `/search/leads?query=${encodeURIComponent(query)}${more}`, undefined, key ? { key } : {});
}

/** Who is found, in order. */
async function find(query: string, more = ''): Promise<string[]> {
  const { status, body } = await search(query, more);
  expect([status, body.code]).toEqual([200, undefined]);
  return body.hits.map(({ lead_id: id }: { lead_id: string }) => [...ids].find(([, each]) => each === id)?.[0]);
}

describe('words', () => {
  it.each([
    ['a beginning finds whole words first', 'fred', ['fred', 'freda']],
    ['in any case', 'FrED', ['fred', 'freda']],
    ['sam finds Sam and Samantha', 'sam', ['sam', 'samantha']],
    ['all must be there', 'fred tx', ['fred', 'freda']],
    ['in any order', 'aus smi fr', ['fred']],
    ['none that is missing', 'fred ny', []],
    ['a state by its name', 'texas', ['jose', 'freda', 'fred']],
    ['without accents', 'jose nunez', ['jose']],
    ['with accents', 'josé núñez', ['jose']],
    ['letters of other keyboards', 'mullerstrasse', ['sam']],
    ['with an apostrophe', "o'brien", ['samantha']],
    ['with that of word processors', 'O’Brien', ['samantha']],
    ['without it', 'obrien', ['samantha']],
    ['apart', 'o brien', ['samantha']],
    ['with a hyphen', 'núñez-ruiz', ['jose']],
    ['without it', 'nunezruiz', ['jose']],
    ['small ones', 'de la cruz', ['sam']],
    ['Chinese', '小', ['li']],
    ['a postal code', '787', ['fred']],
    ['nothing that is masked', '9999', []],
    ['what stands beside it', '1 oak', ['evil']],
  ])('%s: %s', async (_, query, expected) => {
    expect(await find(query)).toEqual(expected);
  });
});

describe('phrases', () => {
  it.each([
    ['stand beside each other', '"new york"', ['samantha']],
    ['are whole words', '"fred"', ['fred']],
    ['not in another order', '"york new"', []],
    ['from the first name to the last', '"fred smith"', ['fred']],
    ['not from the name to the city', '"smith austin"', []],
    ['from the city to the state', '"san antonio tx"', ['jose']],
    ['beside words', '"de la" sam', ['sam']],
    ['in typographic quotes', '“new york”', ['samantha']],
    ['without their other quote are words', '"fred smi', ['fred', 'freda']],
  ])('%s: %s', async (_, query, expected) => {
    expect(await find(query)).toEqual(expected);
  });
});

describe('what is pasted', () => {
  it.each([
    ['an e-mail address', 'Fred@Example.com', ['fred']],
    ['with its plus', 'sam+tag@example.com', ['sam']],
    ['with a display name', 'Fred Smith <fred@example.com>', ['fred']],
    ['no other address', 'sam@example.com', []],
    ['digits of a phone', '5127894321', ['freda']],
    ['with dots', '512.789.4321', ['freda']],
    ['with blanks', '512 789 4321', ['freda']],
    ['with its country', '+1 (512) 789-4321', ['freda']],
    ['with an extension', '512-789-4321 x7', ['freda']],
    ['beside a name', 'freda (512) 789-4321', ['freda']],
    ['beside another name', 'fred (512) 789-4321 york', []],
    ['a phone from abroad', '+44 20 7946 0958', ['jose']],
    ['without its plus', '442079460958', ['jose']],
    ['as it is dialled', '0044 20 7946 0958', ['jose']],
    ['a reference', 'ref-0042/A', ['samantha']],
    ['not its beginning', 'REF-004', []],
  ])('%s: %s', async (_, query, expected) => {
    expect(await find(query)).toEqual(expected);
  });

  it('the id of a lead, of an event of it, and an address with one', async () => {
    const id = ids.get('li') ?? '';
    const [event] = await server.query('select id from events where lead_id = $1', [id]);
    expect(await find(id)).toEqual(['li']);
    expect(await find(id.toUpperCase())).toEqual(['li']);
    expect(await find(String(event?.['id']))).toEqual(['li']);
    expect(await find(`https://leads.example.com/feedback?event_id=${event?.['id']}`)).toEqual(['li']);
    expect(await find('0'.repeat(24))).toEqual([]);
  });

  it('an id finds a lead before its words are there', async () => {
    const id = ids.get('sam') ?? '';
    const [kept] = await server.query('delete from lead_search where lead_id = $1 returning *', [id]);
    expect(await find('cruz')).toEqual([]);
    expect(await find(id)).toEqual(['sam']);
    await server.query('insert into lead_search values ($1, $2, $3::tsvector)', [
      kept?.['account_id'],
      id,
      kept?.['words'],
    ]);
  });
});

describe('a hit', () => {
  it('has its values, what matched, and its latest event', async () => {
    const { body } = await search('fred "austin tx" 78704');
    expect(body).toEqual({
      total: 1,
      hits: [
        {
          lead_id: ids.get('fred'),
          flow_id: expect.any(String),
          flow_name: 'Mortgage leads',
          source_id: expect.any(String),
          source_name: 'Search ads',
          first_name: 'Fred',
          last_name: 'Smith',
          email: 'fred@example.com',
          phone_1: null,
          phone_2: null,
          address_1: null,
          city: 'Austin',
          state: 'TX',
          postal_code: '78704',
          reference: null,
          submission_timestamp: expect.stringMatching(/^20.*Z$/),
          highlight: {
            first_name: ['<em>Fred</em>'],
            city: ['<em>Austin</em>'],
            state: ['<em>TX</em>'],
            postal_code: ['<em>78704</em>'],
          },
          latest_event: expect.objectContaining({ type: 'source', outcome: 'success' }),
        },
      ],
    });
    expect((await search('FRED@example.com')).body.hits[0].highlight).toEqual({ email: ['<em>fred@example.com</em>'] });
  });

  it('is safe to show as HTML', async () => {
    const { body } = await search('bobby tables');
    expect(body.hits[0].first_name).toBe('<b>Bobby</b>');
    expect(body.hits[0].highlight).toEqual({
      first_name: ['&lt;b&gt;<em>Bobby</em>&lt;/b&gt;'],
      last_name: ['<em>Tables</em>&#39;); drop'],
    });
  });
});

describe('order and pages', () => {
  it.each([
    ['lead_id', 'asc', ['fred', 'freda', 'jose']],
    ['submission_timestamp', 'desc', ['jose', 'freda', 'fred']],
    ['first_name', 'asc', ['fred', 'freda', 'jose']],
    ['city', 'desc', ['jose', 'freda', 'fred']],
    ['email', 'asc', ['fred', 'jose', 'freda']],
    ['phone_1', 'desc', ['freda', 'jose', 'fred']],
  ])('by %s %s; leads without the value come last', async (by, direction, expected) => {
    expect(await find('tx', `&sort_by=${by}&sort_dir=${direction}`)).toEqual(expected);
  });

  it('from a place on, so many', async () => {
    const page = await search('tx', '&sort_by=first_name&from=1&limit=1');
    expect(page.body).toMatchObject({ total: 3, hits: [{ first_name: 'Freda' }] });
    expect((await search('tx', '&from=1000')).body).toEqual({ total: 3, hits: [] });
  });

  it('end at 1,000 leads, the newest, and say so', async () => {
    const [row] = await server.query('select account_id from lead_search limit 1');
    const id = (place: number) => `5f000000${String(place).padStart(16, '0')}`;
    const many = Array.from({ length: 1_200 }, (_, place) => id(place));
    await server.query(`insert into lead_search select $1, id, 'zacharias:1'::tsvector from unnest($2::text[]) as id`, [
      row?.['account_id'],
      many,
    ]);
    const { body } = await search('zach');
    expect(body).toEqual({ total: 1_000, hits: [], truncated: true });
    await server.query(`delete from lead_search where words @@ 'zacharias'::tsquery`);
  });
});

describe('behind an import of one name', () => {
  const NEWEST = 4_100;
  const id = (beginning: string, place: number) => `${beginning}${String(place).padStart(16, '0')}`;
  const insert = async (ids: string[], words: string) => {
    const [row] = await server.query('select account_id from lead_search limit 1');
    const account = row?.['account_id'];
    await server.query('insert into lead_search select $1, id, $3::tsvector from unnest($2::text[]) as id', [
      account,
      ids,
      words,
    ]);
  };

  it.each(['q', 'qu', 'quo', 'quoll tx'])('%s finds all leads, those of older partitions, too', async (query) => {
    const newest = Array.from({ length: NEWEST }, (_, place) => id('7f000000', place));
    const [late, early] = [id('7e000000', 1), id('50000000', 1)];
    await insert(newest, 'ann:1 tx:2');
    await insert([late, early], 'quoll:1 tx:2');
    const { body } = await search(query);
    expect(body).toEqual({ total: 2, hits: [] });
    await server.query(`delete from lead_search where words @@ 'quoll | ann'::tsquery`);
  });
});

describe('questions that are wrong or hostile', () => {
  it.each([
    ['', 'query: Give what to look for, such as query=fred+tx.'],
    ['query=%20', 'query: Give what to look for, such as query=fred+tx.'],
    ['query=%26%7C!%20%3A*', 'query: Give a letter or a digit to look for.'],
    [`query=${'a+'.repeat(17)}`, 'query: Give at most 16 words; these are 17.'],
    [`query=${'a'.repeat(301)}`, 'query: Must have at most 300 characters, none of them NUL or half a surrogate pair.'],
    ['query=a&limit=101', 'limit: Must be a whole number from 1 to 100.'],
    ['query=a&from=1001', 'from: Must be a whole number from 0 to 1000.'],
    [
      'query=a&sort_by=ssn',
      'sort_by: Must be one of lead_id, submission_timestamp, first_name, last_name, email, phone_1, phone_2, address_1, city, state, postal_code, reference.',
    ],
    ['query=a&sort_dir=asc', 'sort_dir: Give sort_by, too: without it hits are sorted by relevance.'],
    ['q=a', expect.stringContaining('q: Unknown parameter; this URL takes query, sort_by, sort_dir, from, limit.')],
  ])('%s', async (asked, message) => {
    const { status, body } = await server.api('GET', `/search/leads?${asked}`);
    expect([status, body]).toMatchObject([400, { code: 'malformed_query', error: message }]);
  });

  it.each([
    ["fred'", ['fred', 'freda']],
    ['fred:*', ['fred', 'freda']],
    ['fred & !smith | x', []],
    ['!fred', ['fred', 'freda']],
    ['fred <-> smith', ['fred', 'freda']],
    ['"fred\\" smith', ['fred']],
    ["fred\\'; drop table leads; --", []],
    ['fr\0ed', 400],
    ['fred %_', ['fred', 'freda']],
    ['""', 400],
    ['\ud800fred', []],
  ])('signs are no syntax: %j', async (query, expected) => {
    const { status, body } = await server.api(
      'GET',
      `/search/leads?query=${query.replace(/[^a-z ]/gi, (sign) => (sign >= '\ud800' ? '%ED%A0%80' : encodeURIComponent(sign)))}`,
    );
    const found =
      status === 200 ? body.hits.map((hit: { first_name: string }) => hit.first_name.toLowerCase()) : status;
    expect(found).toEqual(expected);
  });
});

describe('who may ask', () => {
  it('another account finds nothing of this one', async () => {
    for (const query of ['fred', 'fred@example.com', '5127894321', ids.get('fred') ?? '']) {
      expect((await search(query, '', server.strangerKey)).body).toEqual({ total: 0, hits: [] });
    }
  });

  it('without personal_data.read ids alone are found, and no value is seen', async () => {
    const made = await server.api('POST', '/api_keys', { name: 'Counter', permissions: ['leads.read'] });
    for (const query of ['fred', 'fred@example.com', '"fred smith"']) {
      const { status, body } = await search(query, '', made.body.key);
      expect([status, body.code]).toEqual([403, 'permission_required']);
    }
    const id = ids.get('fred') ?? '';
    const { body } = await search(`${id} fred`, '&sort_by=email', made.body.key);
    expect(body).toMatchObject({ total: 1, hits: [{ lead_id: id, first_name: null, highlight: {} }] });
    expect(JSON.stringify(body)).not.toMatch(/fred|smith|austin/i);
    expect((await search('freda', '', made.body.key)).status).toBe(403);
  });
});

it('the table of words holds no address, phone, reference or masked value, nor a hash without a key', async () => {
  const rows = await server.query('select words::text as words from lead_search');
  const all = rows.map(({ words }) => words).join('\n');
  // A hash may have three of these characters beside each other by chance.
  const readable = all.replaceAll(/=[\w-]{16}/g, '=');
  expect(readable.length).toBeLessThan(all.length);
  for (const plain of ['@', 'example', '789', '4321', '7946', 'ref', '0042', '219', '9999'])
    expect(readable).not.toContain(plain);
  const { createHash } = await import('node:crypto');
  for (const value of ['fred@example.com', '15127894321', '+15127894321', 'ref-0042/a'])
    for (const algorithm of ['md5', 'sha1', 'sha256']) {
      const digest = createHash(algorithm).update(value).digest();
      for (const text of [digest.toString('hex'), digest.toString('base64url'), digest.toString('base64')])
        expect(all).not.toContain(text.slice(0, 12));
    }
});
