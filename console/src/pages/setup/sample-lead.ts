/** A parameter of a source, as its meta has it. */
export interface LeadParam {
  name: string;
  type: string;
  examples?: readonly unknown[];
}

/** Plausible and nobody's: numbers and domains that are reserved for examples. */
const BY_TYPE: Readonly<Record<string, string>> = {
  first_name: 'Jane',
  last_name: 'Doe',
  phone: '512-555-0142',
  state: 'TX',
  city: 'Austin',
  street: '1 Example Street',
  postal_code: '78701',
  url: 'https://example.com/',
  ip: '203.0.113.7',
  dob: '1980-04-12',
  date: '2025-01-15',
  gender: 'female',
  number: '100000',
  boolean: 'true',
  time: '2025-01-15T12:00:00Z',
  range: '100-200',
  ssn: '000-00-0000',
};

/** Names that stand for other things than a value of the lead. */
const NO_VALUES = new Set(['*', 'redir_url', 'trustedform_cert_url']);
/** A lead that shows what a source takes; more makes a command that nobody reads. */
const VALUES_MAX = 15;

/** Values for what a source takes. `tag` is in the address, so that each lead is of another person. */
export function buildSampleLead(params: readonly LeadParam[], tag: string): Record<string, string> {
  const named = params.filter(({ name, type }) => !NO_VALUES.has(name) && type !== 'credential').slice(0, VALUES_MAX);
  return Object.fromEntries(named.map((param) => [param.name, chooseValue(param, tag)]));
}

function chooseValue({ type, examples = [] }: LeadParam, tag: string): string {
  if (type === 'email') return `jane.${tag}@example.com`;
  const [example] = examples;
  return BY_TYPE[type] ?? (typeof example === 'string' || typeof example === 'number' ? String(example) : 'example');
}

/** One line for any shell. A quote of a value would end the text around it, so it is encoded, as all signs of forms are. */
export function buildCurl(url: string, lead: Readonly<Record<string, string>>): string {
  const body = new URLSearchParams(lead).toString().replaceAll("'", '%27');
  return `curl -H 'Accept: application/json' -d '${body}' '${url}'`;
}
