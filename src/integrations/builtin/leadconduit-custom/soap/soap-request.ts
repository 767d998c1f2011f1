import { fail, ok, type Result } from '../../../../lib/result.ts';
import type { Vars } from '../../../../model/vars.ts';
import { isTruthy, textOf } from '../../../../variables/rich-value.ts';
import type { OutboundRequest } from '../../../contract.ts';
import { propertyValues } from '../property-values.ts';
import { scalarText } from '../write-xml.ts';
import { isXmlName } from '../xml-name.ts';
import { SOAP, type SoapVersion, XSI } from './namespaces.ts';
import { findTextType } from './schema.ts';
import { type SoapSecurity, type SoapTools, writeSecurity } from './soap-security.ts';
import { escapedAttribute, type Tag, tagFor, type Writing, writeElement } from './write-arguments.ts';
import type { FoundOperation, Wsdl } from './wsdl.ts';

export interface SoapCall {
  wsdl: Wsdl;
  found: FoundOperation;
  version: SoapVersion;
  security: SoapSecurity;
  tools: SoapTools;
  timeoutSeconds: number;
}

const ACCEPT = 'text/html,application/xhtml+xml,application/xml,text/xml;q=0.9,*/*;q=0.8';

/** The message to a service (spec modules c4), or why it cannot be written. */
export function soapRequest(vars: Vars, call: SoapCall): Result<OutboundRequest, string> {
  const { found, version, security, timeoutSeconds } = call;
  const { url } = found.port;
  if (url === '') return fail(`The WSDL gives no address for the port ${found.port.name}`);
  const writing = buildWriting(call.wsdl);
  const body = writeBody(vars, call, writing);
  const headers = writeHeaders(vars, writing);
  if (writing.problem !== undefined) return fail(writing.problem);
  const secured = security.kind === 'wsse' ? writeSecurity(security, call.tools) : undefined;
  const envelope = (header: string): string => writeEnvelope(call, { header: headers + header, body });
  const request = {
    url,
    headers: { ...buildHeaders(found.operation.action, version), ...buildAuthorization(security) },
    body: envelope(secured?.sent ?? ''),
  };
  const recorded = secured ? { recorded: { ...request, body: envelope(secured.recorded) } } : {};
  return ok({ ...request, method: 'POST', timeoutSeconds, ...recorded });
}

function buildHeaders(action: string, version: SoapVersion): Record<string, string> {
  // An action comes from the WSDL; what no header may contain must not fail the delivery in words about our client.
  const quoted = `"${action.replace(/[^\x20-\x7e]|"/g, '')}"`;
  const own = { Accept: ACCEPT, 'Accept-Encoding': 'none' };
  return version === '1.1'
    ? { ...own, 'Content-Type': 'text/xml; charset=utf-8', SOAPAction: quoted }
    : { ...own, 'Content-Type': `application/soap+xml; charset=utf-8; action=${quoted}` };
}

function buildAuthorization(security: SoapSecurity): Record<string, string> {
  return security.kind === 'http' ? { Authorization: security.authorization } : {};
}

function buildWriting({ schema, prefixes }: Wsdl): Writing {
  const byNamespace = new Map<string, string>();
  for (const [prefix, namespace] of prefixes) if (!byNamespace.has(namespace)) byNamespace.set(namespace, prefix);
  return { schema, prefixes: byNamespace };
}

/** The two blanks before the prefixes are as measured, and so is the empty header of a call with a login over HTTP. */
function writeEnvelope(
  { wsdl, version, security }: SoapCall,
  { header, body }: { header: string; body: string },
): string {
  const declared = [...wsdl.prefixes].map(([prefix, uri]) => ` xmlns:${prefix}="${escapedAttribute(uri)}"`).join('');
  return (
    `<?xml version="1.0" encoding="utf-8"?>` +
    `<soap:Envelope xmlns:soap="${SOAP[version].envelope}" xmlns:xsi="${XSI}" ${declared}>` +
    (header === '' && security.kind !== 'http' ? '' : `<soap:Header>${header}</soap:Header>`) +
    `<soap:Body>${body}</soap:Body></soap:Envelope>`
  );
}

/** An element of text has one argument, whatever it is called; every other element has one child for each. */
function writeBody(vars: Vars, { found }: SoapCall, writing: Writing): string {
  const { input } = found.operation;
  if (!input) return '';
  const values = propertyValues(vars['arg'], { isAscii: isTruthy(vars['send_ascii']) });
  const isText = findTextType(writing.schema, input.type) !== undefined;
  const [only, ...others] = Object.values(values);
  const value = isText && others.length === 0 ? (only ?? '') : values;
  return writeElement(writing, { tag: rootTag(vars, found, writing), type: input.type, value });
}

/** The element of the operation, spelled otherwise where the step says so. */
function rootTag(vars: Vars, { operation }: FoundOperation, writing: Writing): Tag {
  const { input } = operation;
  if (!input) return { name: '', declaration: '', defaultNamespace: '' };
  const own = input.isQualifying
    ? {
        name: input.name,
        declaration: ` xmlns="${escapedAttribute(input.namespace)}"`,
        defaultNamespace: input.namespace,
      }
    : tagFor(writing, input, '');
  const prefix = textOf(vars['root_namespace_prefix']).trim();
  const attribute = textOf(vars['root_xmlns_attribute_name']).trim();
  const uri = textOf(vars['root_xmlns_attribute_value']).trim();
  for (const name of [prefix, attribute]) {
    if (name !== '' && !isXmlName(name))
      writing.problem ??= 'The prefix or xmlns attribute of the root is not an XML name';
  }
  return {
    name: prefix === '' ? own.name : `${prefix}:${input.name}`,
    declaration: attribute === '' ? own.declaration : ` ${attribute}="${escapedAttribute(scalarText(uri))}"`,
    defaultNamespace: own.defaultNamespace,
  };
}

const XMLNS_SUFFIX = '@xmlns';

/** One header for each name; `Name@xmlns` is the namespace of `Name`. */
function writeHeaders(vars: Vars, writing: Writing): string {
  const values = propertyValues(vars['soap_header'], { isAscii: isTruthy(vars['send_ascii']) });
  return Object.entries(values)
    .filter(([name]) => !name.endsWith(XMLNS_SUFFIX))
    .map(([name, value]) => {
      const namespace = Object.hasOwn(values, name + XMLNS_SUFFIX) ? textOf(values[name + XMLNS_SUFFIX]).trim() : '';
      if (!isXmlName(name)) writing.problem ??= `"${name.slice(0, 64)}" cannot be the name of an XML element`;
      const declaration = namespace === '' ? '' : ` xmlns="${escapedAttribute(namespace)}"`;
      const tag: Tag = { name, declaration, defaultNamespace: namespace };
      return writeElement(writing, { tag, type: '', value });
    })
    .join(' ');
}
