import { describe, expect, it } from 'vitest';
import { DESK_URL, type DeskParts, deskWsdl, SERVICE_URL, taken } from './testing/desk-wsdl.ts';
import { openDesk } from './testing/soap-call.ts';
import { validateSoap } from './validate-soap.ts';

const TEXT_KEY =
  '<xsd:element name="TakeLead"><xsd:complexType><xsd:sequence><xsd:element name="Key" type="xsd:string"/></xsd:sequence></xsd:complexType></xsd:element>';
const QUALIFIED_KEY = '<TakeLead xmlns="urn:desk"><Key>k</Key></TakeLead>';
const XSD_URL = 'https://desk.example.com/types.xsd';
const schemaFile = (inside: string, attributes = 'targetNamespace="urn:desk"'): string =>
  `<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:tns="urn:desk" elementFormDefault="qualified" ${attributes}>${inside}</xsd:schema>`;
const linked = (inside: string, parts: DeskParts = {}): string =>
  deskWsdl({ schema: inside, schemaAttributes: '', ...parts });

describe('the WSDL', () => {
  it('is fetched once in five minutes, so that a delivery is one exchange', async () => {
    const desk = openDesk();
    for (const ms of [0, 0, 299_999, 2, 0]) {
      desk.pass(ms);
      await desk.call();
    }
    expect(desk.sent.map(({ method }) => method).join(' ')).toBe('GET POST POST POST GET POST POST');
  });

  it('is fetched with the credentials and kept for them alone', async () => {
    const desk = openDesk();
    await desk.call({ bearer_token: 'a' });
    await desk.call({ bearer_token: 'b' });
    await desk.call({ wss_username: 'u', wss_password: 'p' });
    const gets = desk.sent.filter(({ method }) => method === 'GET');
    expect(gets.map(({ headers }) => headers['Authorization'])).toEqual(['Bearer a', 'Bearer b', undefined]);
  });

  it('that cannot be fetched is asked for again by the next lead', async () => {
    const desk = openDesk({ documents: {} });
    const unsent = { kind: 'unsent', reason: 'The WSDL was not fetched: the answer has status 404' };
    expect(await desk.call()).toEqual(unsent);
    desk.documents[DESK_URL] = deskWsdl();
    expect(await desk.call()).toMatchObject({ kind: 'answered' });
  });

  it('that cannot be read is not read again for half a minute', async () => {
    const desk = openDesk({ documents: { [DESK_URL]: '<html/>' } });
    const unsent = { kind: 'unsent', reason: 'The WSDL is not a WSDL 1.1 document' };
    expect(await desk.call()).toEqual(unsent);
    desk.documents[DESK_URL] = deskWsdl();
    expect(await desk.call()).toEqual(unsent);
    desk.pass(30_000);
    expect(await desk.call()).toMatchObject({ kind: 'answered' });
  });

  it('is kept for fifty URLs, of which the oldest makes room', async () => {
    const urlOf = (n: number): string => `https://desk.example.com/${n}?wsdl`;
    const documents = Object.fromEntries(Array.from({ length: 51 }, (_, n) => [urlOf(n), deskWsdl()]));
    const desk = openDesk({ documents });
    for (let n = 0; n <= 50; n += 1) await desk.call({ url: urlOf(n) });
    const fetched = (): number => desk.sent.filter(({ method }) => method === 'GET').length;
    expect(fetched()).toBe(51);
    await desk.call({ url: urlOf(50) });
    await desk.call({ url: urlOf(1) });
    expect(fetched()).toBe(51);
    await desk.call({ url: urlOf(0) });
    expect(fetched()).toBe(52);
  });
});

const IMPORTS: { name: string; documents: Record<string, string>; body: string }[] = [
  {
    name: 'a schema that is imported',
    documents: {
      [DESK_URL]: linked('<xsd:import namespace="urn:desk" schemaLocation="types.xsd"/>'),
      [XSD_URL]: schemaFile(TEXT_KEY),
    },
    body: QUALIFIED_KEY,
  },
  {
    name: 'one that is included and takes the namespace of the including document',
    documents: { [DESK_URL]: linked('<xsd:include schemaLocation="types.xsd"/>'), [XSD_URL]: schemaFile(TEXT_KEY, '') },
    body: QUALIFIED_KEY,
  },
  {
    name: 'schemas that import each other',
    documents: {
      [DESK_URL]: linked('<xsd:include schemaLocation="types.xsd"/>'),
      [XSD_URL]: schemaFile('<xsd:include schemaLocation="sub/more.xsd"/>'),
      'https://desk.example.com/sub/more.xsd': schemaFile(`<xsd:include schemaLocation="../types.xsd#x"/>${TEXT_KEY}`),
    },
    body: QUALIFIED_KEY,
  },
  {
    name: 'a WSDL that is imported, and what that imports',
    documents: {
      [DESK_URL]:
        '<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/"><wsdl:import namespace="urn:desk" location="/parts/desk.wsdl"/></wsdl:definitions>',
      'https://desk.example.com/parts/desk.wsdl': linked('<xsd:include schemaLocation="/types.xsd"/>'),
      [XSD_URL]: schemaFile(TEXT_KEY),
    },
    body: QUALIFIED_KEY,
  },
  {
    name: 'but nothing of the standards, nor what has no place',
    documents: {
      [DESK_URL]: deskWsdl({
        types: schemaFile(
          '<xsd:import namespace="http://schemas.xmlsoap.org/soap/encoding/" schemaLocation="http://schemas.xmlsoap.org/soap/encoding/"/><xsd:import namespace="urn:x"/>',
          'targetNamespace="urn:x"',
        ),
      }),
    },
    body: QUALIFIED_KEY,
  },
];

it.each(IMPORTS)('the WSDL is read with $name', async ({ documents, body }) => {
  const desk = openDesk({ documents });
  expect(await desk.call({ arg: { Key: 'k' } })).toMatchObject({ kind: 'answered' });
  expect(desk.body()).toBe(body);
  expect(desk.sent).toHaveLength(Object.keys(documents).length + 1);
});

it('credentials go to the origin of the WSDL, and to no other that it imports from', async () => {
  const other = 'https://types.example.net/t.xsd';
  const wsdl = linked(`<xsd:include schemaLocation="types.xsd"/><xsd:include schemaLocation="${other}"/>`);
  const desk = openDesk({ documents: { [DESK_URL]: wsdl, [XSD_URL]: schemaFile(TEXT_KEY), [other]: schemaFile('') } });
  await desk.call({ basic_username: 'u', basic_password: 'p' });
  expect(desk.sent.map(({ url, headers }) => [url, 'Authorization' in headers])).toEqual([
    [DESK_URL, true],
    [XSD_URL, true],
    [other, false],
    [SERVICE_URL, true],
  ]);
});

const chain = (length: number): Record<string, string> =>
  Object.fromEntries(
    Array.from({ length }, (_, n) => [
      `https://desk.example.com/${n}.xsd`,
      schemaFile(`<xsd:include schemaLocation="${n + 1}.xsd"/>`),
    ]),
  );
const includes = (count: number): string =>
  Array.from({ length: count }, (_, n) => `<xsd:include schemaLocation="${n}.xsd"/>`).join('');
const emptyFiles = Object.fromEntries(
  Array.from({ length: 40 }, (_, n) => [`https://desk.example.com/${n}.xsd`, schemaFile('')]),
);

type Documents = NonNullable<Parameters<typeof openDesk>[0]>['documents'];
const BAD: { name: string; documents: Documents; reason: string }[] = [
  { name: 'that is empty', documents: { [DESK_URL]: '' }, reason: 'The WSDL is empty' },
  { name: 'that is a page', documents: { [DESK_URL]: '<html><br></html>' }, reason: 'The WSDL is not well-formed XML' },
  {
    name: 'that is a schema',
    documents: { [DESK_URL]: schemaFile('') },
    reason: 'The WSDL is not a WSDL 1.1 document',
  },
  {
    name: 'of version 2.0',
    documents: { [DESK_URL]: '<description xmlns="http://www.w3.org/ns/wsdl"/>' },
    reason: 'The WSDL is not a WSDL 1.1 document',
  },
  {
    name: 'with entities',
    documents: {
      [DESK_URL]: deskWsdl().replace('<wsdl:def', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><wsdl:def'),
    },
    reason: 'The WSDL has a document type declaration, which is not read',
  },
  {
    name: 'without a port for SOAP',
    documents: { [DESK_URL]: deskWsdl({ ports: '' }) },
    reason: 'The WSDL has no port for SOAP',
  },
  {
    name: 'that is cut',
    documents: { [DESK_URL]: { body: deskWsdl(), truncated: true } },
    reason: 'The WSDL was not fetched: it is too long to be read',
  },
  {
    name: 'without an answer',
    documents: { [DESK_URL]: { kind: 'unknown', reason: 'no answer within 10 s' } },
    reason: 'The WSDL was not fetched: no answer within 10 s',
  },
  {
    name: 'whose schema is missing',
    documents: { [DESK_URL]: linked('<xsd:include schemaLocation="types.xsd?key=secret"/>') },
    reason: 'The document https://desk.example.com/types.xsd of the WSDL was not fetched: the answer has status 404',
  },
  {
    name: 'that imports a file',
    documents: { [DESK_URL]: linked('<xsd:include schemaLocation="file:///etc/passwd"/>') },
    reason: 'The WSDL imports from what is not an http or https URL',
  },
  {
    name: 'that imports too deeply',
    documents: { [DESK_URL]: linked('<xsd:include schemaLocation="0.xsd"/>'), ...chain(20) },
    reason: 'The document https://desk.example.com/7.xsd of the WSDL imports more than 8 levels deep',
  },
  {
    name: 'that imports too much',
    documents: { [DESK_URL]: linked(includes(40)), ...emptyFiles },
    reason: 'The WSDL imports more than 32 documents',
  },
  {
    name: 'that is too large in all',
    documents: {
      [DESK_URL]: linked('<xsd:include schemaLocation="types.xsd"/>'),
      [XSD_URL]: schemaFile(' '.repeat(1_048_000)),
    },
    reason: 'The document https://desk.example.com/types.xsd of the WSDL makes it more than 1048576 characters in all',
  },
  {
    name: 'with too many tags',
    documents: { [DESK_URL]: linked('<a/>'.repeat(70_000)) },
    reason: 'The WSDL has more than 65536 tags',
  },
];

it.each(BAD)('a WSDL $name is reported, and nothing was delivered', async ({ documents = {}, reason }) => {
  const desk = openDesk({ documents });
  expect(await desk.call({ arg: { Key: 'k' } })).toEqual({ kind: 'unsent', reason });
  expect(desk.posted()).toBeUndefined();
});

it.each(['unsent', 'unknown'] as const)('a message that ends %s is a delivery that ends so', async (kind) => {
  const desk = openDesk({ reply: { kind, reason: 'why' } });
  expect(await desk.call()).toEqual({ kind, reason: 'why' });
});

it('groups that hold groups twice, thirty times over, end', async () => {
  const groupOf = (n: number): string => {
    const inner = `<xsd:group ref="tns:G${n + 1}"/>`;
    return `<xsd:group name="G${n}"><xsd:sequence>${inner}${inner}</xsd:sequence></xsd:group>`;
  };
  const groups = Array.from({ length: 30 }, (_, n) => groupOf(n)).join('');
  const element =
    '<xsd:element name="TakeLead"><xsd:complexType><xsd:group ref="tns:G0"/></xsd:complexType></xsd:element>';
  const desk = openDesk({ documents: { [DESK_URL]: deskWsdl({ schema: element + groups }) } });
  expect(await desk.call({ arg: { Key: 'k' } })).toMatchObject({ kind: 'answered' });
});

it('a random WSDL never makes a call throw', async () => {
  const whole = deskWsdl();
  for (let cut = 0; cut < whole.length; cut += 37) {
    const holed = whole.slice(0, cut) + whole.slice(cut + 11);
    const ended = await openDesk({ documents: { [DESK_URL]: holed }, reply: { body: taken('') } }).call({
      arg: { Key: 'k' },
    });
    expect(['answered', 'unsent']).toContain(ended.kind);
  }
});

const URL = 'https://desk.example.com/?wsdl';
const PROBLEMS: [vars: Record<string, unknown>, problem: string | undefined][] = [
  [{ url: URL, function: 'TakeLead' }, undefined],
  [{ url: URL, function: 'Desk.DeskPort.TakeLead', version: '1.2' }, undefined],
  [{ function: 'TakeLead' }, 'URL is required'],
  [{ url: 'http://10.0.0.1/', function: 'TakeLead' }, 'URL must be public'],
  [{ url: URL }, 'Function is required'],
  [{ url: URL, function: 'Take Lead' }, 'Function must have valid name'],
  [{ url: URL, function: 'TakeLead', version: '2' }, 'Must be valid SOAP version: 1.1 or 1.2'],
  [
    { url: URL, function: 'TakeLead', outcome_on_match: 'sold' },
    "Outcome on match must be 'success', 'failure', or 'error'",
  ],
];

it.each(PROBLEMS)('%o is refused with %o', (vars, problem) => {
  expect(validateSoap(vars, () => false)).toBe(problem);
});
