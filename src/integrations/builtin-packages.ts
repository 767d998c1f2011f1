import type { IntegrationPackage, ModuleFacts } from './contract.ts';

/** What the rows below share. */
const ACTIVE_PROSPECT = 'ActiveProspect';

type Row = [path: string, name: string, tag: string, integrationType: string, description: string];

/**
 * The packages that come with Sluice, each with its modules: names and tags as the hosted product shows them (fixture
 * module-registry.jsonl), descriptions our own. A thin wrapper is a custom module under an id of its own (spec modules
 * a1); `version` is that of the package whose measured behaviour a module has.
 */
// biome-ignore format: a table reads better in rows
export const BUILTIN_PACKAGES: readonly IntegrationPackage[] = [
  builtin('leadconduit-default', 'LeadConduit Standard', '2.9.14', 'Takes leads from any source and hands them to any flow that speaks the same API.', [
    ['inbound', 'LeadConduit Standard', 'Marketing Acquisition', 'inbound', 'Takes leads as form, JSON, XML or query and answers in the format the sender accepts.'],
    ['outbound', 'LeadConduit Standard', 'Marketing Acquisition', 'delivery', 'Delivers the whole lead to another flow and takes over its outcome, reason and price.'],
  ]),
  builtin('leadconduit-standard', ACTIVE_PROSPECT, '1.2.6', 'Further ways to take leads and feedback.', [
    ['inbound.classic', 'LeadConduit Classic', 'Platform', 'inbound', 'Takes leads and answers in the XML of the first product generation.'],
    ['inbound.feedback', 'LeadConduit Feedback', 'Platform', 'inbound', 'Takes a recipient’s feedback on a lead: a return or a conversion.'],
    ['inbound.verbose', 'LeadConduit Verbose', 'Platform', 'inbound', 'Takes leads and answers with everything the steps appended.'],
  ]),
  builtin('leadconduit-custom', 'Custom', '2.23.8', 'Deliveries that are configured property by property.', [
    ['outbound.form', 'Form', 'Code', 'delivery', 'Posts a form and reads outcome, reason and price from the answer.'],
    ['outbound.json', 'JSON', 'Code', 'delivery', 'Sends a JSON document and reads outcome, reason and price from the answer.'],
    ['outbound.query', 'Query', 'Code', 'delivery', 'Sends the lead in the query of a GET request.'],
    ['outbound.xml', 'XML', 'Code', 'delivery', 'Sends an XML document and reads outcome, reason and price from the answer.'],
    ['outbound.soap', 'SOAP', 'Code', 'delivery', 'Calls an operation of a web service by its WSDL.'],
  ]),
  builtin('leadconduit-form-post', 'Form POST', '1.0.0', 'The custom form delivery under a package of its own.', [
    ['outbound.form_post', 'Form POST', 'Code', 'delivery', 'Posts a form and reads outcome, reason and price from the answer.'],
  ]),
  builtin('leadconduit-get', 'GET', '1.0.0', 'The custom query delivery under a package of its own.', [
    ['outbound.get', 'GET', 'Code', 'delivery', 'Sends the lead in the query of a GET request.'],
  ]),
  builtin('leadconduit-json', 'JSON', '1.0.0', 'JSON deliveries under a package of their own.', [
    ['outbound.json', 'JSON', 'Code', 'delivery', 'Sends a JSON document and reads outcome, reason and price from the answer.'],
    ['outbound.token_authenticated', 'JSON with a token', 'Code', 'delivery', 'Sends a JSON document with a token that is fetched anew when it is refused.'],
  ]),
  builtin('leadconduit-xml', 'XML', '1.0.0', 'The custom XML delivery under a package of its own.', [
    ['outbound.xml', 'XML', 'Code', 'delivery', 'Sends an XML document and reads outcome, reason and price from the answer.'],
  ]),
  builtin('leadconduit-soap', 'SOAP', '1.0.0', 'The custom SOAP delivery under a package of its own.', [
    ['outbound.soap', 'SOAP', 'Code', 'delivery', 'Calls an operation of a web service by its WSDL.'],
  ]),
  builtin('leadconduit-suppressionlist', 'SuppressionList', '2.3.15', 'Asks and fills the lists of this account; a step that maps `activeprospect.api_key` those of SuppressionList, or of the server it maps as `activeprospect.suppressionlist_url`.', [
    ['outbound.query_item', 'SuppressionList - Query List', 'List Management', 'marketplace enhancement', 'Says whether a value is on one of several lists, which of them have it, and when it was added.'],
    ['outbound.add_item', 'SuppressionList - Add Item', 'List Management', 'marketplace enhancement', 'Enters values into lists.'],
    ['outbound.delete_item', 'SuppressionList - Delete Item', 'List Management', 'marketplace enhancement', 'Takes values off lists.'],
    ['outbound.is_unique', 'SuppressionList - Is Unique', 'List Management', 'marketplace enhancement', 'Enters a value that is not on the list yet; a value that is there is a failure.'],
  ]),
  builtin('leadconduit-trustedform', 'TrustedForm', '2.6.0', 'Checks and keeps the certificates of consent that TrustedForm makes. Its key comes from a stored credential, or from a mapping.', [
    ['outbound.trustedform', 'TrustedForm', 'TCPA', 'marketplace enhancement', 'Keeps a certificate, checks that it is of this lead, verifies the consent on it, and appends what it says of the visit.'],
    ['outbound.claim', 'TrustedForm Claim', 'TCPA', 'marketplace enhancement', 'Claims a certificate with the second version of the API.'],
    ['outbound.consent', 'TrustedForm Consent', 'TCPA', 'marketplace enhancement', 'Claims a certificate with the third version of the API.'],
    ['outbound.consent_plus_data', 'TrustedForm Consent + Insights', 'TCPA', 'marketplace enhancement', 'Claims a certificate with the third version of the API and appends what it says of the visit.'],
    ['outbound.insights', 'TrustedForm Insights', 'Data Insights', 'marketplace enhancement', 'Appends what a certificate says of the visit, without claiming it.'],
    ['outbound.decision_service_ping', 'TrustedForm Decision Service Ping', 'Data Insights', 'marketplace enhancement', 'The same under the name for pings.'],
    ['outbound.decision_service_post', 'TrustedForm Decision Service Post', 'Data Insights', 'marketplace enhancement', 'The same under the name for posts.'],
  ]),
  builtin('leadconduit-pixeltracker', 'Pixel Tracker', '0.0.11', 'Tells a pixel of a lead.', [
    ['outbound', 'Pixel Tracker', 'Pixel', 'delivery', 'Asks the URL of a pixel with parameters of the lead; only the status counts.'],
  ]),
  { ...builtin('sluice', 'Sluice', '1.0.0', 'What Sluice adds.', [
    ['outbound.flow', 'Flow of this installation', 'Code', 'delivery', 'Delivers the whole lead to another flow of this installation and takes over its outcome, reason and price.'],
    ['outbound.batch', 'Batch', 'Code', 'delivery', 'Adds a row to a batch, which is delivered as a file by a schedule.'],
    ['outbound.webhook', 'Signed webhook', 'Code', 'delivery', 'Posts a document of values of the lead as signed JSON, as the Standard Webhooks specification says.'],
    ['outbound.email', 'E-mail', 'Code', 'delivery', 'Sends the lead as an e-mail message over a mail server of yours, on request with a CSV file.'],
  ]), provider: 'Sluice' },
];

/** The custom module each thin wrapper is, by the wrapper's id (spec modules a1). */
export const WRAPPED_MODULES: Readonly<Record<string, string>> = {
  'leadconduit-form-post.outbound.form_post': 'leadconduit-custom.outbound.form',
  'leadconduit-get.outbound.get': 'leadconduit-custom.outbound.query',
  'leadconduit-json.outbound.json': 'leadconduit-custom.outbound.json',
  'leadconduit-xml.outbound.xml': 'leadconduit-custom.outbound.xml',
  'leadconduit-soap.outbound.soap': 'leadconduit-custom.outbound.soap',
};

function builtin(id: string, name: string, version: string, description: string, rows: Row[]): IntegrationPackage {
  const modules = rows.map(
    ([path, moduleName, tag, integrationType, text]): ModuleFacts => ({
      id: `${id}.${path}`,
      path,
      name: moduleName,
      tag,
      integrationType,
      description: text,
      link: null,
    }),
  );
  return {
    id,
    provider: ACTIVE_PROSPECT,
    name,
    description,
    link: null,
    version,
    repoUrl: null,
    isBuiltin: true,
    modules,
  };
}
