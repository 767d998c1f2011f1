import { describe, expect, it } from 'vitest';
import { DESK_URL, type DeskParts, deskWsdl, envelope, taken } from './testing/desk-wsdl.ts';
import { openDesk } from './testing/soap-call.ts';

const appendedBy = async (
  reply: { status?: number; body: string; truncated?: boolean },
  { vars = {}, wsdl = {} }: { vars?: Record<string, unknown>; wsdl?: DeskParts } = {},
): Promise<unknown> => {
  const desk = openDesk({ documents: { [DESK_URL]: deskWsdl(wsdl) }, reply });
  const ended = await desk.call(vars);
  return ended.kind === 'answered' ? ended.appended : ended;
};

const SOLD = { outcome: 'success', price: 0 };
const XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';

const RESULTS: { name: string; body: string; appended: Record<string, unknown>; wsdl?: DeskParts }[] = [
  { name: 'text, trimmed', body: taken('<Status> A\n</Status>'), appended: { Status: 'A' } },
  { name: 'an empty text', body: taken('<Status/>'), appended: { Status: '' } },
  { name: 'nothing where the type is not known', body: taken('<Odd/>'), appended: { Odd: null } },
  { name: 'nil', body: taken(`<Status ${XSI} xsi:nil="true"/>`), appended: { Status: null } },
  {
    name: 'numbers and booleans by their types',
    body: taken('<Count>7</Count><Pay>1.50</Pay><Sold>1</Sold>'),
    appended: { Count: 7, Pay: 1.5, Sold: true },
  },
  {
    name: 'what does not fit its type, or no number, as it is',
    body: taken('<Count>9007199254740993</Count><Pay>-</Pay><Sold>maybe</Sold>'),
    appended: { Count: '9007199254740993', Pay: '-', Sold: 'maybe' },
  },
  {
    name: 'a list where there may be several, and where there are',
    body: taken('<Error>a</Error><Odd>1</Odd><Odd>2</Odd>'),
    appended: { Error: ['a'], Odd: ['1', '2'] },
  },
  {
    name: 'attributes, but none about the writing',
    body: taken(`<Status c="1" ${XSI} xsi:type="x">A</Status><Odd a="b"/><More n="1"><Y>2</Y></More>`),
    appended: {
      Status: { attributes: { c: '1' }, $value: 'A' },
      Odd: { attributes: { a: 'b' } },
      More: { attributes: { n: '1' }, Y: '2' },
    },
  },
  {
    name: 'elements with a prefix',
    body: envelope('<n:TakeLeadResponse xmlns:n="urn:desk"><n:Status>A</n:Status></n:TakeLeadResponse>'),
    appended: { Status: 'A' },
  },
  {
    name: 'a document in a text, escaped or as CDATA',
    body: taken('<Status>&lt;r&gt;&lt;c k="1"&gt;9&lt;/c&gt;&lt;/r&gt;</Status><Odd><![CDATA[<a>b</a>]]></Odd>'),
    appended: { Status: { r: { c: { '#text': '9', k: '1' } } }, Odd: { a: 'b' } },
  },
  {
    name: 'text that only looks like one',
    body: taken('<Status>&lt;r&gt;&lt;/q&gt;</Status>'),
    appended: { Status: '<r></q>' },
  },
  {
    name: 'a document in a text with entities as text',
    body: taken('<Status><![CDATA[<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>]]></Status>'),
    appended: { Status: '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>' },
  },
  {
    name: 'a bare text under the name of its element',
    body: envelope('<TakeLeadResponse xmlns="urn:desk">yes</TakeLeadResponse>'),
    appended: { TakeLeadResponse: 'yes' },
  },
  {
    name: 'an element of another name',
    body: envelope('<Other><Status>A</Status></Other>'),
    appended: { Status: 'A' },
  },
  { name: 'an empty Body', body: envelope(''), appended: {} },
  {
    name: 'no name of the prototype, and constructor as any other',
    body: taken('<__proto__>a</__proto__><constructor>b</constructor><Status>A</Status>'),
    appended: { constructor: 'b', Status: 'A' },
  },
  {
    name: 'parts of an rpc answer by their types',
    wsdl: { style: 'rpc', answer: '<wsdl:part name="Count" type="xsd:int"/>' },
    body: envelope('<m:TakeLeadResponse xmlns:m="urn:desk"><Count>7</Count></m:TakeLeadResponse>'),
    appended: { Count: 7 },
  },
  {
    name: 'an answer in SOAP 1.2',
    body: taken('<Status>A</Status>').replace(
      'http://schemas.xmlsoap.org/soap/envelope/',
      'http://www.w3.org/2003/05/soap-envelope',
    ),
    appended: { Status: 'A' },
  },
];

describe('what is appended', () => {
  it.each(RESULTS)('is $name', async ({ body, appended, wsdl = {} }) => {
    expect(await appendedBy({ body }, { wsdl })).toEqual({ ...appended, ...SOLD });
  });

  it('is never more than outcome, price and reference for a function without an answer', async () => {
    const wsdl = { output: '', boundOutput: '' };
    expect(await appendedBy({ status: 202, body: '' }, { wsdl })).toEqual(SOLD);
    expect(await appendedBy({ status: 500, body: '' }, { wsdl })).toEqual({
      outcome: 'error',
      reason: 'The answer has status 500',
    });
  });
});

const BODY = taken(
  '<Status>Accepted</Status><Why> b </Why><Why>a</Why><Pay>3.75</Pay><Id>L-1</Id><N><Deep>x</Deep></N>',
);

const MEANINGS: { vars: Record<string, unknown>; event: Record<string, unknown> }[] = [
  { vars: { outcome_search_term: 'ACCEPTED' }, event: { outcome: 'success' } },
  { vars: { outcome_search_term: '/takeleadresponse/' }, event: { outcome: 'success' } },
  { vars: { outcome_search_term: 'sold' }, event: { outcome: 'failure' } },
  { vars: { outcome_search_term: 'accepted', outcome_search_path: 'N.Deep' }, event: { outcome: 'failure' } },
  { vars: { outcome_search_term: 'x', outcome_search_path: 'N.Deep' }, event: { outcome: 'success' } },
  { vars: { outcome_search_term: 'a', outcome_search_path: 'Why[1]' }, event: { outcome: 'success' } },
  { vars: { outcome_on_match: 'error' }, event: { outcome: 'error' } },
  { vars: { reason_path: 'Why' }, event: { reason: 'a, b' } },
  { vars: { reason_path: 'None', default_reason: ' d ' }, event: { reason: 'd', outcome: 'success' } },
  { vars: { price_path: 'Pay' }, event: { price: '3.75' } },
  { vars: { price_path: 'None', fallback_price: 2 }, event: { price: 2 } },
  { vars: { price_path: 'Pay', outcome_search_term: 'sold', fallback_price: 2 }, event: { price: 0 } },
  { vars: { reference_path: 'Id' }, event: { reference: 'L-1' } },
  { vars: { reference_path: 'N' }, event: { reference: { Deep: 'x' } } },
];

it.each(MEANINGS)('$vars makes $event', async ({ vars, event }) => {
  expect(await appendedBy({ body: BODY }, { vars })).toMatchObject(event);
});

const FAULT_12 = `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><s:Fault><s:Code><s:Value>s:Sender</s:Value></s:Code><s:Reason><s:Text xml:lang="en">Nope</s:Text></s:Reason></s:Fault></s:Body></s:Envelope>`;
const faultOf = (inside: string): string => envelope(`<soap:Fault>${inside}</soap:Fault>`);
const DEEP = '<a>'.repeat(120) + '</a>'.repeat(120);

const ERRORS: { name: string; reply: { status?: number; body: string; truncated?: boolean }; reason: string }[] = [
  {
    name: 'a fault',
    reply: { status: 500, body: faultOf('<faultcode>c</faultcode><faultstring> Bad key </faultstring>') },
    reason: 'Bad key',
  },
  {
    name: 'a fault with a code alone',
    reply: { body: faultOf('<faultcode>c</faultcode><faultstring/>') },
    reason: 'c',
  },
  { name: 'a fault without words', reply: { body: faultOf('') }, reason: 'SOAP fault' },
  { name: 'a fault of SOAP 1.2', reply: { status: 400, body: FAULT_12 }, reason: 'Nope' },
  { name: 'HTML', reply: { body: '<html><body>Oops<br></body></html>' }, reason: 'The answer is not well-formed XML' },
  { name: 'other XML', reply: { body: '<lead/>' }, reason: 'The answer is not a SOAP envelope' },
  {
    name: 'an envelope in no namespace',
    reply: { body: '<Envelope><Body/></Envelope>' },
    reason: 'The answer is not a SOAP envelope',
  },
  { name: 'nothing', reply: { body: ' ' }, reason: 'The answer is empty' },
  { name: 'JSON', reply: { body: '{"a":1}' }, reason: 'The answer is not well-formed XML' },
  { name: 'cut XML', reply: { body: BODY.slice(0, -20) }, reason: 'The answer is not well-formed XML' },
  {
    name: 'an answer longer than what is read',
    reply: { body: BODY, truncated: true },
    reason: 'The answer is too long to be read',
  },
  { name: 'a status of an error', reply: { status: 404, body: BODY }, reason: 'The answer has status 404' },
  {
    name: 'a redirect, which no message follows',
    reply: { status: 302, body: '' },
    reason: 'The answer has status 302',
  },
  {
    name: 'entities',
    reply: { body: `<!DOCTYPE a [<!ENTITY x "y">]>${BODY}` },
    reason: 'The answer has a document type declaration, which is not read',
  },
  {
    name: 'an entity bomb',
    reply: { body: `<!DOCTYPE a [<!ENTITY x "y"><!ENTITY z "&x;&x;">]>${taken('<Status>&z;</Status>')}` },
    reason: 'The answer is not well-formed XML',
  },
  {
    name: 'too much',
    reply: { body: taken('x'.repeat(140_000)) },
    reason: 'The answer has more than 131072 characters',
  },
  { name: 'too many tags', reply: { body: taken('<a/>'.repeat(9_000)) }, reason: 'The answer has more than 8192 tags' },
  { name: 'too deep a nest', reply: { body: taken(DEEP) }, reason: 'The answer is nested more than 100 levels deep' },
];

it.each(ERRORS)('$name is an error that says why', async ({ reply, reason }) => {
  expect(await appendedBy(reply)).toEqual({ outcome: 'error', reason });
});
