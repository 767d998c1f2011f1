import { describe, expect, it } from 'vitest';
import { DESK_URL, type DeskParts, deskWsdl } from './testing/desk-wsdl.ts';
import { openDesk } from './testing/soap-call.ts';

const QUALIFIED = 'elementFormDefault="qualified"';
const OTHER_SCHEMA = `<xsd:schema targetNamespace="urn:other" ${QUALIFIED}>
  <xsd:complexType name="Person"><xsd:sequence><xsd:element name="given" type="xsd:string"/></xsd:sequence></xsd:complexType>
  <xsd:element name="Note" type="xsd:string"/>
  <xsd:simpleType name="Text"><xsd:restriction base="xsd:string"/></xsd:simpleType>
</xsd:schema>`;
const schemaOf = (inside: string): string =>
  `<xsd:element name="TakeLead"><xsd:complexType>${inside}</xsd:complexType></xsd:element>`;

interface BodyCase {
  name: string;
  wsdl?: DeskParts;
  vars?: Record<string, unknown>;
  arg?: unknown;
  body: string;
}

const WRAPPED = (inside: string): string => `<TakeLead xmlns="urn:desk">${inside}</TakeLead>`;

const BODIES: BodyCase[] = [
  { name: 'no arguments', body: WRAPPED('') },
  {
    name: 'nested arguments and lists without empty places',
    arg: { Key: 'k', 'Person.Given': 'Ann', Person: { Phone: ['1', '', null, '2'] } },
    body: WRAPPED('<Key>k</Key><Person><Given>Ann</Given><Phone>1</Phone><Phone>2</Phone></Person>'),
  },
  {
    name: 'arguments in the order of the schema, then those it does not know',
    arg: { Odd: 'o', Person: { Phone: '1', Given: 'Ann' }, Key: 'k' },
    body: WRAPPED('<Key>k</Key><Person><Given>Ann</Given><Phone>1</Phone></Person><Odd>o</Odd>'),
  },
  {
    name: 'in the order of the mappings where the schema demands none',
    wsdl: { schema: schemaOf('<xsd:all><xsd:element name="A"/><xsd:element name="B"/></xsd:all>') },
    arg: { B: '1', A: '2' },
    body: WRAPPED('<B>1</B><A>2</A>'),
  },
  {
    name: 'null, empty, boolean and number',
    arg: { Key: null, Person: { Given: '', Phone: 5 }, Odd: true },
    body: WRAPPED('<Key xsi:nil="true"></Key><Person><Given></Given><Phone>5</Phone></Person><Odd>true</Odd>'),
  },
  {
    name: 'text with markup, and without what no document may contain',
    arg: { Key: `<a>&"'\r\n]]>\u0000\ud800é` },
    body: WRAPPED('<Key>&lt;a&gt;&amp;&quot;&apos;&#xD;\n]]&gt;é</Key>'),
  },
  { name: 'a CDATA section as it is', arg: { Key: '<![CDATA[a<b]]>' }, body: WRAPPED('<Key><![CDATA[a<b]]></Key>') },
  {
    name: 'no element smuggled in between sections',
    arg: { Key: '<![CDATA[a]]><Evil/><![CDATA[b]]>' },
    body: WRAPPED('<Key>&lt;![CDATA[a]]&gt;&lt;Evil/&gt;&lt;![CDATA[b]]&gt;</Key>'),
  },
  {
    name: 'attributes, and text beside them',
    arg: { Key: { attributes: { id: '7"\n<![CDATA[x]]>' }, $value: 'v' }, attributes: { z: '1' } },
    body: '<TakeLead z="1" xmlns="urn:desk"><Key id="7&quot;&#xA;&lt;![CDATA[x]]&gt;">v</Key></TakeLead>',
  },
  {
    name: 'an object for an element of text as a document of its own',
    arg: { Key: { 'lead.name': 'A & B', 'lead@id': '7', 'lead.phone.0': '1', 'lead.phone.1': '2' } },
    body: WRAPPED(
      '<Key>&lt;?xml version=&quot;1.0&quot;?&gt;\n&lt;lead id=&quot;7&quot;&gt;\n  &lt;name&gt;A &amp;amp; B&lt;/name&gt;\n' +
        '  &lt;phone&gt;1&lt;/phone&gt;\n  &lt;phone&gt;2&lt;/phone&gt;\n&lt;/lead&gt;</Key>',
    ),
  },
  { name: 'transliterated', arg: { Key: 'José' }, vars: { send_ascii: true }, body: WRAPPED('<Key>Jose</Key>') },
  {
    name: 'unqualified elements',
    wsdl: { schemaAttributes: '' },
    arg: { Key: 'k' },
    body: '<tns:TakeLead><Key>k</Key></tns:TakeLead>',
  },
  {
    name: 'single elements against the schema’s default',
    wsdl: {
      schema: schemaOf(
        '<xsd:sequence><xsd:element name="A" form="unqualified"/><xsd:element name="B"/></xsd:sequence>',
      ),
    },
    arg: { A: '1', B: '2' },
    body: WRAPPED('<A xmlns="">1</A><B>2</B>'),
  },
  {
    name: 'types and references of another schema, with its prefix',
    wsdl: {
      types: OTHER_SCHEMA,
      definitionsAttributes: 'xmlns:o="urn:other"',
      schema: schemaOf(
        '<xsd:sequence><xsd:element name="P" type="o:Person"/><xsd:element ref="o:Note"/><xsd:element name="T" type="o:Text"/></xsd:sequence>',
      ),
    },
    arg: { P: { given: 'g' }, Note: 'n', T: { a: 'b' } },
    body: WRAPPED(
      '<P><o:given>g</o:given></P><o:Note>n</o:Note><T>&lt;?xml version=&quot;1.0&quot;?&gt;\n&lt;a&gt;b&lt;/a&gt;</T>',
    ),
  },
  {
    name: 'and without a prefix of the WSDL, with a declaration',
    wsdl: {
      types: OTHER_SCHEMA,
      schemaAttributes: `${QUALIFIED} xmlns:o="urn:other"`,
      schema: schemaOf('<xsd:sequence><xsd:element name="P" type="o:Person"/></xsd:sequence>'),
    },
    arg: { P: { given: 'g' } },
    body: WRAPPED('<P><given xmlns="urn:other">g</given></P>'),
  },
  {
    name: 'elements of the extended type first, and of groups in their place',
    wsdl: {
      schema: `<xsd:element name="TakeLead" type="tns:Wide"/><xsd:group name="G"><xsd:sequence><xsd:element name="C"/></xsd:sequence></xsd:group>
        <xsd:complexType name="Narrow"><xsd:sequence><xsd:element name="A"/></xsd:sequence></xsd:complexType>
        <xsd:complexType name="Wide"><xsd:complexContent><xsd:extension base="tns:Narrow"><xsd:sequence><xsd:element name="B"/><xsd:group ref="tns:G"/></xsd:sequence></xsd:extension></xsd:complexContent></xsd:complexType>`,
    },
    arg: { C: '3', B: '2', A: '1' },
    body: WRAPPED('<A>1</A><B>2</B><C>3</C>'),
  },
  {
    name: 'a type inside itself and a circle of types',
    wsdl: {
      schema: `<xsd:element name="TakeLead" type="tns:Node"/>
        <xsd:complexType name="Node"><xsd:complexContent><xsd:extension base="tns:Node"><xsd:sequence><xsd:element name="N" type="tns:Node"/></xsd:sequence></xsd:extension></xsd:complexContent></xsd:complexType>`,
    },
    arg: { N: { N: 'x' } },
    body: WRAPPED('<N><N>x</N></N>'),
  },
  {
    name: 'bare text',
    wsdl: { schema: '<xsd:element name="TakeLead" type="xsd:string"/>', schemaAttributes: '' },
    arg: { TakeLead: 'hello' },
    body: '<tns:TakeLead>hello</tns:TakeLead>',
  },
  {
    name: 'rpc: an element for the operation and one for each part',
    wsdl: {
      style: 'rpc',
      schema: '<xsd:complexType name="P"><xsd:sequence><xsd:element name="given"/></xsd:sequence></xsd:complexType>',
      schemaAttributes: '',
      input: '<wsdl:part name="key" type="xsd:string"/><wsdl:part name="person" type="tns:P"/>',
    },
    arg: { person: { given: 'g' }, key: 'k' },
    body: '<tns:TakeLead><key>k</key><person><given>g</given></person></tns:TakeLead>',
  },
  {
    name: 'rpc in the namespace the body names',
    wsdl: {
      style: 'rpc',
      input: '<wsdl:part name="key" type="xsd:string"/>',
      body: '<soap:body use="literal" namespace="urn:calls"/>',
    },
    arg: { key: 'k' },
    body: '<TakeLead xmlns="urn:calls"><key xmlns="">k</key></TakeLead>',
  },
  {
    name: 'a part that is a header is not the body',
    wsdl: {
      input: '<wsdl:part name="head" element="tns:TakeLeadResponse"/><wsdl:part name="body" element="tns:TakeLead"/>',
      body: '<soap:header message="tns:In" part="head" use="literal"/><soap:body use="literal"/>',
    },
    body: WRAPPED(''),
  },
  { name: 'a message without parts', wsdl: { input: '' }, arg: { Key: 'k' }, body: '' },
  {
    name: 'another prefix of the root',
    vars: { root_namespace_prefix: 'q', root_xmlns_attribute_name: 'xmlns:q', root_xmlns_attribute_value: 'urn:"q' },
    arg: { Key: 'k' },
    body: '<q:TakeLead xmlns:q="urn:&quot;q"><Key>k</Key></q:TakeLead>',
  },
  {
    name: 'another xmlns attribute alone',
    vars: { root_xmlns_attribute_name: 'xmlns', root_xmlns_attribute_value: 'urn:q' },
    body: '<TakeLead xmlns="urn:q"></TakeLead>',
  },
  {
    name: 'names of the prototype are names',
    arg: JSON.parse('{"toString":"a","__proto__":"b","constructor":"c"}'),
    body: WRAPPED('<toString>a</toString><constructor>c</constructor>'),
  },
];

describe('the message', () => {
  it.each(BODIES)('has $name', async ({ wsdl, vars, arg, body }) => {
    const desk = openDesk({ documents: { [DESK_URL]: deskWsdl(wsdl) } });
    expect(await desk.call({ ...vars, arg })).toMatchObject({ kind: 'answered' });
    expect(desk.body()).toBe(body);
  });

  it('declares the prefixes of the WSDL, but those of the standards and its own', async () => {
    const definitionsAttributes = 'xmlns:a="urn:&quot;a" xmlns:s="http://www.w3.org/2001/XMLSchema" xmlns:xsi="urn:x"';
    const desk = openDesk({ documents: { [DESK_URL]: deskWsdl({ definitionsAttributes }) } });
    await desk.call();
    expect(desk.posted()?.body).toContain(
      '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"  xmlns:tns="urn:desk" xmlns:a="urn:&quot;a"><soap:Body>',
    );
  });

  it('has one header for each name, in the namespace it is given', async () => {
    const desk = openDesk();
    const headers = { Auth: { User: 'u', Pass: 'p&' }, Key: 'k', 'Key@xmlns': 'urn:h' };
    await desk.call({ soap_header: headers });
    expect(desk.posted()?.body).toContain(
      '<soap:Header><Auth><User>u</User><Pass>p&amp;</Pass></Auth> <Key xmlns="urn:h">k</Key></soap:Header><soap:Body>',
    );
  });
});

const REFUSED: { name: string; vars: Record<string, unknown>; wsdl?: DeskParts; reason: string }[] = [
  {
    name: 'an argument with markup for a name',
    vars: { arg: { Key: 'k', 'a><Evil/': 'x' } },
    reason: '"a><Evil/" cannot be the name of an XML element',
  },
  {
    name: 'an attribute with one',
    vars: { arg: { Key: { attributes: { 'a="1" b': 'x' }, $value: '' } } },
    reason: '"a="1" b" cannot be the name of an XML attribute',
  },
  {
    name: 'a header with one',
    vars: { soap_header: { 'A B': 'x' } },
    reason: '"A B" cannot be the name of an XML element',
  },
  {
    name: 'a root prefix with one',
    vars: { root_namespace_prefix: 'q r' },
    reason: 'The prefix or xmlns attribute of the root is not an XML name',
  },
  { name: 'a function the WSDL has not', vars: { function: 'Other' }, reason: 'Unsupported SOAP function specified' },
  {
    name: 'a port it has not',
    vars: { function: 'Desk.OtherPort.TakeLead' },
    reason: 'Unsupported SOAP function specified',
  },
  {
    name: 'a service it has not',
    vars: { function: 'Other.DeskPort.TakeLead' },
    reason: 'Unsupported SOAP function specified',
  },
  {
    name: 'a port without an address',
    vars: {},
    wsdl: { ports: '<wsdl:port name="DeskPort" binding="tns:Binding"><soap:address/></wsdl:port>' },
    reason: 'The WSDL gives no address for the port DeskPort',
  },
];

it.each(REFUSED)('nothing is sent with $name', async ({ vars, wsdl, reason }) => {
  const desk = openDesk({ documents: { [DESK_URL]: deskWsdl(wsdl) } });
  expect(await desk.call(vars)).toEqual({ kind: 'unsent', reason });
  expect(desk.posted()).toBeUndefined();
});

const ACTION = 'urn:desk/TakeLead';
const V11 = { 'Content-Type': 'text/xml; charset=utf-8', SOAPAction: `"${ACTION}"` };

const HEADERS: { name: string; vars: Record<string, unknown>; headers: Record<string, string>; wsdl?: DeskParts }[] = [
  { name: 'SOAP 1.1 by default', vars: {}, headers: V11 },
  {
    name: 'SOAP 1.2',
    vars: { version: '1.2' },
    headers: { 'Content-Type': `application/soap+xml; charset=utf-8; action="${ACTION}"` },
  },
  { name: 'an empty action', vars: {}, wsdl: { action: '' }, headers: { ...V11, SOAPAction: '""' } },
  {
    name: 'an action no header may hold',
    vars: {},
    wsdl: { action: 'a&quot;&#10;b' },
    headers: { ...V11, SOAPAction: '"ab"' },
  },
  {
    name: 'Basic before everything',
    vars: { basic_username: 'u', basic_password: 'p', bearer_token: 't', wss_username: 'w', wss_password: 'x' },
    headers: { ...V11, Authorization: 'Basic dTpw' },
  },
  {
    name: 'a bearer token before WS-Security',
    vars: { basic_username: 'u', bearer_token: 't', wss_username: 'w', wss_password: 'x' },
    headers: { ...V11, Authorization: 'Bearer t' },
  },
  { name: 'no half of a login', vars: { basic_username: 'u', wss_password: 'x' }, headers: V11 },
];

it.each(HEADERS)('the headers say $name', async ({ vars, headers, wsdl }) => {
  const desk = openDesk({ documents: { [DESK_URL]: deskWsdl(wsdl) } });
  await desk.call(vars);
  const { Accept: _, 'Accept-Encoding': __, ...own } = desk.posted()?.headers ?? {};
  expect(own).toEqual(headers);
  expect(desk.posted()?.body).not.toContain('wsse');
});

describe('WS-Security', () => {
  it('has the password as text, which the event does not keep', async () => {
    const desk = openDesk();
    await desk.call({ wss_username: 'u&', wss_password: 'p<x', soap_header: { Auth: 'a' } });
    const profile = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0';
    expect(desk.posted()?.body).toContain('<soap:Header><Auth>a</Auth><wsse:Security ');
    expect(desk.posted()?.body).toContain(
      `<wsse:Username>u&amp;</wsse:Username><wsse:Password Type="${profile}#PasswordText">p&lt;x</wsse:Password><wsu:Created>2026-11-20T12:00:00Z</wsu:Created>`,
    );
    expect(desk.posted()?.body).toContain('<wsu:Expires>2026-11-20T12:10:00Z</wsu:Expires>');
    expect(desk.posted()?.recorded?.body).toBe(desk.posted()?.body?.replace('p&lt;x', '********'));
  });

  it('has its digest where the step says so', async () => {
    const desk = openDesk();
    await desk.call({ wss_username: 'u', wss_password: 'secret', wss_digest_password: true });
    // Worked out by another program: base64 of SHA-1 of 20 bytes of 7, the moment and the password.
    expect(desk.posted()?.body).toContain('#PasswordDigest">N2Rmtn/oFw9Y73Jj2FSamZDrQcE=</wsse:Password>');
    expect(desk.posted()?.body).toContain('#Base64Binary">BwcHBwcHBwcHBwcHBwcHBwcHBwc=</wsse:Nonce>');
    expect(desk.posted()?.recorded?.body).toContain('#PasswordDigest">********</wsse:Password>');
  });
});

it('a recipient is given 10 s, or what the step says', async () => {
  const desk = openDesk();
  await desk.call();
  await desk.call({ timeout_seconds: 30 });
  await desk.call({ timeout_seconds: 0 });
  expect(desk.sent.map(({ timeoutSeconds }) => timeoutSeconds)).toEqual([10, 10, 30, 10]);
});

it('of two ports with the function that of the wanted SOAP version is called', async () => {
  const port12 =
    '<wsdl:port name="P12" binding="tns:B12"><soap12:address location="https://desk.example.com/12"/></wsdl:port>';
  const port11 = `<wsdl:port name="P11" binding="tns:Binding"><soap:address location="https://desk.example.com/11"/></wsdl:port>`;
  const extra = `<wsdl:binding name="B12" type="tns:Desk"><soap12:binding style="document"/><wsdl:operation name="TakeLead"><soap12:operation soapAction="a12"/><wsdl:input><soap12:body use="literal"/></wsdl:input></wsdl:operation></wsdl:binding>`;
  const other = '<wsdl:port name="Get" binding="tns:Binding"/>';
  const desk = openDesk({ documents: { [DESK_URL]: deskWsdl({ ports: other + port12 + port11, extra }) } });
  for (const vars of [{}, { version: '1.2' }, { function: 'Desk.P12.TakeLead' }]) await desk.call(vars);
  expect(desk.sent.slice(1).map(({ url }) => url.slice(-2))).toEqual(['11', '12', '12']);
});
