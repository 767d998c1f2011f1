import type { SoapVersion } from './namespaces.ts';
import type { Schema, SchemaElement } from './schema.ts';

/** What a WSDL 1.1 document says about its SOAP services, ready to write messages with. */
export interface Wsdl {
  /** Namespaces by the prefix the document gives them; every message declares them. Those of the standards excepted. */
  prefixes: ReadonlyMap<string, string>;
  schema: Schema;
  ports: readonly SoapPort[];
}

export interface SoapPort {
  service: string;
  name: string;
  version: SoapVersion;
  url: string;
  operations: ReadonlyMap<string, SoapOperation>;
}

export interface SoapOperation {
  /** SOAPAction; may be ''. */
  action: string;
  /** The element inside the Body; undefined: the Body is empty. For rpc it is made up of the message's parts. */
  input: SchemaElement | undefined;
  /** undefined: nothing is answered, or the answer has no element. */
  output: SchemaElement | undefined;
  /** Is there an answer at all? */
  isOneWay: boolean;
}

export interface FoundOperation {
  name: string;
  port: SoapPort;
  operation: SoapOperation;
}

/**
 * The operation a step's `function` names: `Operation`, or `Service.Port.Operation` (spec modules c4). A service often
 * offers the same at ports of both SOAP versions, so one of the wanted version goes first; else the document's order.
 */
export function findOperation(wsdl: Wsdl, functionName: string, version: SoapVersion): FoundOperation | undefined {
  const found = wsdl.ports.flatMap((port) => {
    const prefix = `${port.service}.${port.name}.`;
    const name = functionName.startsWith(prefix) ? functionName.slice(prefix.length) : functionName;
    const operation = port.operations.get(name);
    return operation ? [{ name, port, operation }] : [];
  });
  return found.find(({ port }) => port.version === version) ?? found[0];
}
