import { findField } from '../fields/find-field.ts';
import { PING_LIFE_SECONDS_DEFAULT } from '../flow-compiler/compile-flow.ts';
import type { InboundModule } from '../integrations/contract.ts';
import type { Account } from '../model/entity.ts';
import type { Field } from '../model/field.ts';
import type { FlowDocument, Source } from '../model/flow.ts';
import { PING_ID_HEADER, PING_ID_PARAMETER } from '../pipeline/named-ping.ts';
import { labelOfPath } from '../rules/label.ts';
import { operatorNamed } from '../rules/operators.ts';
import { writeReason } from '../rules/reason.ts';
import { chooseSample } from './choose-samples.ts';
import { type Condition, listConditions } from './conditions.ts';
import { describeConditions } from './describe-conditions.ts';
import { describeFields } from './describe-fields.ts';
import { describeCaps, describeHours, describePrice } from './describe-limits.ts';
import { listChanges, type VendorView } from './list-changes.ts';
import { listParameters, type ParameterTable, REDIRECT_PARAMETER, takesAnyName } from './list-parameters.ts';
import { createNameVariable, type NameVariable } from './name-variables.ts';
import type { PostingSettings } from './posting-link.ts';
import type {
  PostingAuthentication,
  PostingFormat,
  PostingHeader,
  PostingPage,
  PostingPing,
  PostingRedirect,
  PostingState,
} from './posting-page.ts';
import { writeSample } from './sample-request.ts';
import { EXAMPLE_REDIRECT, listMembers, listResponses, type ServerRefusals } from './sample-responses.ts';

/** A deployed revision, or the one that is saved where none is. */
export interface PostedRevision {
  /** Epoch ms: of the deploy. */
  at: number;
  document: FlowDocument;
  /** The source in it. */
  source: Source;
  /** Of the source; null: it is not installed. */
  module: InboundModule | null;
}

export interface PostingFacts {
  flow: { id: string; isDeployed: boolean; updatedAt: number };
  revision: PostedRevision;
  /** Deployed before it, newest first. */
  earlier: readonly PostedRevision[];
  account: Account;
  customFields: readonly Field[];
  settings: PostingSettings;
  /** Epoch ms. */
  now: number;
  /** `https://leads.example.com`. */
  origin: string;
  /** Of the page: `/submission/{token}`. */
  pagePath: string;
  refusals: ServerRefusals;
  /** How long one recipient may take, where its step does not say. */
  recipientTimeoutMs: number;
  bodyBytesMax: number;
}

/** Builds the posting page of a source from what runs. Reads nothing and never throws for a flow that was saved. */
export async function buildPostingPage(facts: PostingFacts): Promise<PostingPage> {
  const { flow, revision, account, settings, now, origin } = facts;
  const { document, source, module } = revision;
  const view = viewOf(revision, facts);
  const { table, nameVariable, conditions, takesPings } = view;
  const submitPath = `/flows/${flow.id}/sources/${source.entity.id ?? source.id ?? ''}/submit`;
  const submitUrl = origin + submitPath;
  const { rules, hiddenCount } = describeConditions(conditions, nameVariable);
  const fields = view.fields;
  const price = settings.shows_prices ? describePrice(revision, nameVariable) : null;
  const needsKey = source.authentication_required === true || Boolean(source.credential_id);
  const redirect = describeRedirect(revision, submitUrl);
  const samples = new Map(fields.map(({ name, examples }) => [name, examples[0] ?? '']));
  const responses = await listResponses({
    ...{ module, submitPath, needsKey, takesPings, refusals: facts.refusals },
    responseFields: source.response_fields ?? undefined,
    lead: leadOf(table, samples),
    price: price?.prices.at(-1)?.amount ?? 0,
    failureReason: failureReasonOf(revision, { hidesRules: settings.hides_rules, labelOf: labelsOf(facts) }),
    duplicateReason: duplicateReasonOf(revision, labelsOf(facts)),
    takesRedirects: redirect !== null,
  });
  return {
    account: { name: account.name },
    flow: { name: document.name },
    source: { name: source.entity.name ?? '' },
    state: stateOf(flow, revision),
    contact: settings.contact,
    updated_at: new Date(flow.updatedAt).toISOString(),
    generated_at: new Date(now).toISOString(),
    changes: listChanges([view, ...facts.earlier.map((earlier) => viewOf(earlier, facts))]),
    submit_url: submitUrl,
    methods: ['POST', 'GET'],
    authentication: describeAuthentication(needsKey),
    headers: listHeaders(),
    request_formats: FORMATS,
    advice: adviceFor(facts),
    fields,
    other_parameters: takesAnyName(module)
      ? 'Other parameters are accepted and have no effect.'
      : 'This source takes the parameters above and no others.',
    names: {
      is_case_sensitive: true,
      sentence: 'Names are case sensitive: write them exactly as they stand here. Dots belong to the names.',
    },
    rules: settings.hides_rules
      ? { rules: [], hidden_count: rules.length + hiddenCount }
      : { rules, hidden_count: hiddenCount },
    limits: {
      hours: describeHours(document.hours_of_operation, { timeZone: account.timeZone, now }),
      caps: settings.shows_caps
        ? describeCaps(revision, { timeZone: account.timeZone, nameVariable, showsPrices: settings.shows_prices })
        : null,
      body_bytes_max: facts.bodyBytesMax,
    },
    price,
    sample: writeSample(sampleOf(fields), submitUrl),
    responses,
    response_members: listMembers(responses),
    ping: takesPings ? describePing(document, submitUrl) : null,
    redirect,
    feedback: source.feedback?.integration
      ? { sentence: 'Returns and conversions of leads are reported to you later, as you have agreed with the account.' }
      : null,
    tries: {
      url: `${origin}${facts.pagePath}/try`,
      sentence:
        'A dry run: nothing is sent, counted or stored. It assumes that nothing is a duplicate, that caps have room and that the lead can be delivered.',
      allows_live: settings.allows_live_tests && flow.isDeployed && !needsKey,
    },
    downloads: downloadsAt(origin + facts.pagePath),
  };
}

/** How vendors call the variables of a revision, and every name that it reads. */
export function readVendorNames(
  revision: PostedRevision,
  customFields: readonly Field[],
): { nameVariable: NameVariable; names: string[] } {
  const table = listParameters({ ...revision, customFields });
  return { nameVariable: createNameVariable(table), names: table.parameters.map(({ name }) => name) };
}

interface View extends VendorView {
  table: ParameterTable;
  nameVariable: NameVariable;
  conditions: readonly Condition[];
  takesPings: boolean;
  fields: PostingPage['fields'];
}

/** What vendors see of a revision's parameters and rules. */
function viewOf({ at, document, source, module }: PostedRevision, facts: PostingFacts): View {
  const { account, customFields, settings, now } = facts;
  const table = listParameters({ document, source, customFields, module });
  const nameVariable = createNameVariable(table);
  const conditions = listConditions(document, source);
  const takesPings = document.ping_enabled === true && account.isPingEnabled && module?.isPingable === true;
  const fields = describeFields({
    ...{ table, conditions, nameVariable, takesPings, hidesRules: settings.hides_rules },
    hintOf: (name) => module?.requestVariables.find((variable) => variable.name === name)?.description,
    sampleOf: (parameter) => chooseSample(parameter, { conditions, nameVariable, now, timeZone: account.timeZone }),
  });
  const rules = settings.hides_rules ? [] : describeConditions(conditions, nameVariable).rules;
  return { at, table, nameVariable, conditions, takesPings, fields, rules };
}

function stateOf({ isDeployed }: PostingFacts['flow'], { document, source }: PostedRevision): PostingState {
  if (!isDeployed)
    return {
      kind: 'test',
      sentence: 'Not live yet: leads that are posted now are refused with 404. Trying is possible.',
    };
  if (source.enabled === false)
    return { kind: 'paused', sentence: 'This source is switched off: leads that are posted now are refused with 403.' };
  if (!document.enabled)
    return { kind: 'paused', sentence: 'The account takes no leads here now: each one gets the outcome "error".' };
  return { kind: 'live', sentence: 'Leads that are posted here are real.' };
}

function describeAuthentication(needsKey: boolean): PostingAuthentication {
  if (!needsKey)
    return { kind: 'none', sentence: 'None: the submit URL alone is enough. Keep it to yourself.', header: null };
  const sentence =
    'HTTP Basic with your API key as the password; any user name will do. Your contact at the account gives you the key.';
  const header = { name: 'Authorization', value: `Basic ${KEY_PLACE}`, required: true };
  return { kind: 'basic', sentence, header: { ...header, sentence: 'Base64 of "api:", followed by your key.' } };
}

const KEY_PLACE = 'BASE64_OF_YOUR_KEY';

function listHeaders(): PostingHeader[] {
  return [
    {
      name: 'Content-Type',
      value: 'application/json',
      required: true,
      sentence:
        'Of the body: application/x-www-form-urlencoded, application/json, application/xml or text/xml. Not needed with GET.',
    },
    {
      name: 'Accept',
      value: 'application/json',
      required: false,
      sentence: 'The format of the answer: application/json (also without the header), application/xml or text/xml.',
    },
  ];
}

const FORMATS: PostingFormat[] = [
  { name: 'form', media_type: 'application/x-www-form-urlencoded', sentence: 'As forms of web pages are sent.' },
  { name: 'json', media_type: 'application/json', sentence: 'One object; names may be dotted or nested.' },
  {
    name: 'xml',
    media_type: 'application/xml',
    sentence: 'An element for each value inside one root of any name. Names that XML does not allow cannot be sent.',
  },
  {
    name: 'query',
    media_type: null,
    sentence: 'GET with all values in the query. Prefer POST: URLs are written into logs.',
  },
];

function adviceFor({ revision, recipientTimeoutMs }: PostingFacts): PostingPage['advice'] {
  const { deadline_seconds: deadline } = revision.source;
  const seconds = deadline ? deadline + TRANSPORT_SECONDS : Math.round(recipientTimeoutMs / 1000) + TRANSPORT_SECONDS;
  const checks = revision.document.list_checks?.duplicate ? ' This account looks for duplicates.' : '';
  return {
    timeout: `Most answers come within a few seconds. Wait at least ${seconds} seconds before you give up.`,
    retry:
      'After 502, 503 or 504, or when no connection was made: send the same request again after some seconds (see Retry-After), at most three times. After any other status do not.',
    repeat: `When the connection broke before the answer came, the lead may have been taken. Sending it again makes another lead.${checks}`,
  };
}

/** For the way to the server and back. */
const TRANSPORT_SECONDS = 30;

/** Required ones first would hide the order of the account, so it stays; optional ones are in the sample too. */
function sampleOf(fields: PostingPage['fields']) {
  return fields.slice(0, SAMPLE_FIELDS_MAX).map(({ name, examples }) => ({ name, value: examples[0] ?? '' }));
}

const SAMPLE_FIELDS_MAX = 200;

/** Field id → the value that the sample gives it. */
function leadOf({ origins }: ParameterTable, samples: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries(
    [...origins].flatMap(([id, { names }]) => {
      const value = samples.get(names[0] ?? '');
      return value === undefined ? [] : [[id, value]];
    }),
  );
}

type LabelOf = (path: string) => string;

function labelsOf({ customFields }: PostingFacts): LabelOf {
  return (path) => labelOfPath(path, (id) => findField(id, customFields)?.name);
}

const SOME_REASON = 'The lead was not accepted';

/** The reason that the first criteria give. */
function failureReasonOf(
  { document, source }: PostedRevision,
  { hidesRules, labelOf }: { hidesRules: boolean; labelOf: LabelOf },
): string {
  const criteria = [document.acceptance_criteria, source.acceptance_criteria].find(
    (each) => each?.rule_set.rules.length,
  );
  if (!criteria) return SOME_REASON;
  if (criteria.reason) return criteria.reason.includes('{{') ? SOME_REASON : criteria.reason;
  const [rule] = criteria.rule_set.rules;
  if (hidesRules || !rule || 'rules' in rule) return SOME_REASON;
  return generatedReason(rule, labelOf) ?? SOME_REASON;
}

function generatedReason(rule: { lhv?: string; op?: string; rhv?: unknown }, labelOf: LabelOf): string | null {
  const operator = operatorNamed(String(rule.op));
  const isTemplate = [rule.lhv, rule.rhv].some((side) => String(side).includes('{{'));
  if (!operator || isTemplate || rule.lhv === undefined) return null;
  const right = operator.arity === 'unary' ? {} : { right: rule.rhv };
  return writeReason({ label: labelOf(rule.lhv), phrase: operator.phrase, ...right });
}

/** What a duplicate is told; null: nothing asks for duplicates. */
function duplicateReasonOf({ document, source }: PostedRevision, labelOf: LabelOf): string | null {
  if (!document.list_checks?.duplicate) return null;
  const filters = document.steps.flatMap((step) => (step.type === 'filter' && step.enabled !== false ? [step] : []));
  const askers = [document.acceptance_criteria, source.acceptance_criteria, ...filters].flatMap((each) => each ?? []);
  const asker = askers.find(({ rule_set: rules }) => JSON.stringify(rules ?? null).includes(IS_DUPLICATE));
  if (!asker) return null;
  if (asker.reason) return asker.reason.includes('{{') ? SOME_REASON : asker.reason;
  const rule = asker.rule_set.rules.find((each) => 'lhv' in each && each.lhv?.trim() === IS_DUPLICATE);
  return (rule && 'lhv' in rule ? generatedReason(rule, labelOf) : null) ?? SOME_REASON;
}

const IS_DUPLICATE = 'suppressionlist.is_duplicate';

function describePing(document: FlowDocument, submitUrl: string): PostingPing {
  const seconds = document.ping_life_seconds ?? PING_LIFE_SECONDS_DEFAULT;
  return {
    url: submitUrl.replace(/submit$/, 'ping'),
    sentences: [
      'Send a part of the lead to the ping URL, in any format of the submit URL. It is not stored as a lead and sent to nobody.',
      `The answer has the price that would be paid. Of an accepted ping the header ${PING_ID_HEADER} has its id.`,
      `Send the whole lead to the submit URL within ${seconds} seconds, with ${PING_ID_PARAMETER} in the query or the body. It must have each value of the ping, unchanged.`,
    ],
    life_seconds: seconds,
    id_header: PING_ID_HEADER,
    id_parameter: PING_ID_PARAMETER,
  };
}

function describeRedirect({ source, module }: PostedRevision, submitUrl: string): PostingRedirect | null {
  const param = module?.params.find(({ name }) => name === REDIRECT_PARAMETER);
  if (!param) return null;
  const hosts = module?.checksRedirectHosts ? (source.redirect_hosts ?? null) : null;
  const host = hosts?.[0]?.replace(/^\*\./, 'www.');
  const example = host === undefined ? EXAMPLE_REDIRECT : `https://${host}/thank-you`;
  return {
    parameter: REDIRECT_PARAMETER,
    sentence:
      'For forms of web pages: with this parameter in the query, never in the body, the answer is a redirect to its URL.',
    hosts,
    example: `${submitUrl}?${REDIRECT_PARAMETER}=${encodeURIComponent(example)}`,
  };
}

function downloadsAt(page: string): PostingPage['downloads'] {
  return {
    json: `${page}.json`,
    markdown: `${page}.md`,
    openapi: `${page}/openapi.json`,
    postman: `${page}/postman.json`,
    csv: `${page}/template.csv`,
  };
}
