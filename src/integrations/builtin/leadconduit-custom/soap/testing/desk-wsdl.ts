/** A WSDL of document/literal calls, put together from parts so that a test says only what it is about. */
export interface DeskParts {
  /** Inside `xsd:schema`. */
  schema?: string;
  schemaAttributes?: string;
  /** Beside the schema inside `wsdl:types`. */
  types?: string;
  /** Directly inside `wsdl:definitions`. */
  extra?: string;
  definitionsAttributes?: string;
  /** The parts of the message that is sent. */
  input?: string;
  /** The parts of the answer. */
  answer?: string;
  /** The bound operation's `soap:body` of the message that is sent. */
  body?: string;
  style?: string;
  /** The operation's output, declared and bound. */
  output?: string;
  boundOutput?: string;
  action?: string;
  ports?: string;
}

export const DESK_URL = 'https://desk.example.com/leads?wsdl';
export const SERVICE_URL = 'https://desk.example.com/svc';

/** Two elements, one of them with elements of its own, in the namespace `urn:desk`. */
export const TAKE_LEAD = `
  <xsd:element name="TakeLead"><xsd:complexType><xsd:sequence>
    <xsd:element name="Key" type="xsd:string"/>
    <xsd:element name="Person" minOccurs="0"><xsd:complexType><xsd:sequence>
      <xsd:element name="Given" type="xsd:string"/>
      <xsd:element name="Phone" type="xsd:string" maxOccurs="unbounded"/>
    </xsd:sequence></xsd:complexType></xsd:element>
  </xsd:sequence></xsd:complexType></xsd:element>
  <xsd:element name="TakeLeadResponse"><xsd:complexType><xsd:sequence>
    <xsd:element name="Status" type="xsd:string"/>
    <xsd:element name="Count" type="xsd:int"/>
    <xsd:element name="Pay" type="xsd:decimal"/>
    <xsd:element name="Sold" type="xsd:boolean"/>
    <xsd:element name="Error" type="xsd:string" maxOccurs="unbounded"/>
  </xsd:sequence></xsd:complexType></xsd:element>`;

export function deskWsdl(parts: DeskParts = {}): string {
  const soap =
    'xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:soap12="http://schemas.xmlsoap.org/wsdl/soap12/"';
  const {
    schema = TAKE_LEAD,
    schemaAttributes = 'elementFormDefault="qualified"',
    input = '<wsdl:part name="parameters" element="tns:TakeLead"/>',
    body = '<soap:body use="literal"/>',
    answer = '<wsdl:part name="parameters" element="tns:TakeLeadResponse"/>',
    output = '<wsdl:output message="tns:Out"/>',
    boundOutput = '<wsdl:output><soap:body use="literal"/></wsdl:output>',
    ports = `<wsdl:port name="DeskPort" binding="tns:Binding"><soap:address location="${SERVICE_URL}"/></wsdl:port>`,
  } = parts;
  return `<?xml version="1.0"?>
<wsdl:definitions targetNamespace="urn:desk" xmlns:tns="urn:desk" xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/"
  ${soap} xmlns:xsd="http://www.w3.org/2001/XMLSchema" ${parts.definitionsAttributes ?? ''}>
  ${parts.extra ?? ''}
  <wsdl:types>
    <xsd:schema targetNamespace="urn:desk" ${schemaAttributes}>${schema}</xsd:schema>
    ${parts.types ?? ''}
  </wsdl:types>
  <wsdl:message name="In">${input}</wsdl:message>
  <wsdl:message name="Out">${answer}</wsdl:message>
  <wsdl:portType name="Desk"><wsdl:operation name="TakeLead"><wsdl:input message="tns:In"/>${output}</wsdl:operation></wsdl:portType>
  <wsdl:binding name="Binding" type="tns:Desk">
    <soap:binding style="${parts.style ?? 'document'}" transport="http://schemas.xmlsoap.org/soap/http"/>
    <wsdl:operation name="TakeLead"><soap:operation soapAction="${parts.action ?? 'urn:desk/TakeLead'}"/>
      <wsdl:input>${body}</wsdl:input>${boundOutput}</wsdl:operation>
  </wsdl:binding>
  <wsdl:service name="Desk">${ports}</wsdl:service>
</wsdl:definitions>`;
}

/** An answer of SOAP 1.1 with this inside its Body. */
export function envelope(inside: string): string {
  return `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>${inside}</soap:Body></soap:Envelope>`;
}

/** An answer of the operation with this inside. */
export function taken(inside: string): string {
  return envelope(`<TakeLeadResponse xmlns="urn:desk">${inside}</TakeLeadResponse>`);
}
