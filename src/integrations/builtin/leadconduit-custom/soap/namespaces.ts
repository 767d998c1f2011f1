/** Names of the vocabularies that SOAP, WSDL and XML Schema are written in. */
export const WSDL = 'http://schemas.xmlsoap.org/wsdl/';
export const XSD = 'http://www.w3.org/2001/XMLSchema';
export const XSI = 'http://www.w3.org/2001/XMLSchema-instance';
export const XMLNS = 'http://www.w3.org/2000/xmlns/';

export type SoapVersion = '1.1' | '1.2';

/** What distinguishes the versions in a WSDL (`binding`) and in a message (`envelope`). */
export const SOAP: Readonly<Record<SoapVersion, { binding: string; envelope: string }>> = {
  '1.1': {
    binding: 'http://schemas.xmlsoap.org/wsdl/soap/',
    envelope: 'http://schemas.xmlsoap.org/soap/envelope/',
  },
  '1.2': { binding: 'http://schemas.xmlsoap.org/wsdl/soap12/', envelope: 'http://www.w3.org/2003/05/soap-envelope' },
};

const MACHINERY = /^http:\/\/(?:schemas\.xmlsoap\.org|www\.w3\.org|xml\.apache\.org)\//;

/** Is this a vocabulary of the standards, which no argument is ever in? */
export function isMachinery(namespace: string): boolean {
  return MACHINERY.test(namespace);
}
