import type { CapProgram } from '../caps/compile-caps.ts';
import type { InboundModule } from '../integrations/contract.ts';
import type { Sliced } from '../lib/slices.ts';
import type { AcceptanceCriteria, FlowDocument, Source } from '../model/flow.ts';
import { LEAD_OUTCOMES } from '../model/outcome.ts';
import { compilePricingInSlices } from '../pricing/compile-pricing.ts';
import { buildSecretNames } from '../variables/secret-names.ts';
import { type CompileSite, capsAt, mappingsAt, pingLimitsAt, rulesAt, templateAt } from './compile-site.ts';
import type { CompiledCriteria, CompiledSource } from './compiled-flow.ts';
import { knownNames, namesReadFor } from './known-names.ts';

/** The sources by what a submit URL may name them by: the entity's id and the source's own id (decision 17). */
export function* compileSources(
  site: CompileSite,
  flow: { document: FlowDocument; caps: CapProgram },
): Sliced<ReadonlyMap<string, CompiledSource>> {
  const sources = new Map<string, CompiledSource>();
  const fields = new Set(flow.document.fields);
  for (const [index, source] of flow.document.sources.entries()) {
    const path = `sources.${index}`;
    const compiled = yield* compileSource(site, { source, path, flow: { fields, caps: flow.caps } });
    if (sources.has(compiled.entityId)) {
      const message =
        'Another source of this flow has the same entity: their submit URLs would be the same. Remove one.';
      site.problems.push({ path: `${path}.entity.id`, message });
    }
    for (const name of [compiled.entityId, compiled.id])
      if (name !== '' && !sources.has(name)) sources.set(name, compiled);
    yield;
  }
  return sources;
}

function* compileSource(
  site: CompileSite,
  { source, path, flow }: { source: Source; path: string; flow: { fields: ReadonlySet<string>; caps: CapProgram } },
): Sliced<CompiledSource> {
  if (!source.entity.id)
    site.problems.push({ path: `${path}.entity.id`, message: 'Name the entity that submits here by its id.' });
  const { mappings } = source.integration;
  const caps = yield* capsAt(site, `${path}.caps`, source.caps);
  return {
    id: source.id ?? '',
    entityId: source.entity.id?.toLowerCase() ?? '',
    name: source.entity.name ?? '',
    isEnabled: source.enabled !== false,
    isAuthenticationRequired: source.authentication_required === true || Boolean(source.credential_id),
    credentialId: source.credential_id?.toLowerCase() || null,
    allowedOrigins: compileOrigins(site, `${path}.allowed_origins`, source.allowed_origins),
    redirectHosts: compileRedirectHosts(site, { path, source }),
    document: source,
    module: inboundModule(site, { moduleId: source.integration.module_id, path: `${path}.integration.module_id` }),
    // Mappings may name a field with or without `lead.` (decision 29).
    mappings: yield* mappingsAt(site, `${path}.integration.mappings`, mappings, { optionalPrefix: 'lead' }),
    pricing: yield* compilePricingInSlices(
      [{ name: 'source', path, pricing: source.pricing, pricingService: source.pricing_service }],
      site,
    ),
    caps,
    pingLimits: yield* pingLimitsAt(site, `${path}.ping_limits`, source.ping_limits),
    unsteadyFields: listUnsteadyFields(mappings),
    areCapsKnownEarly: ![...flow.caps.variables, ...caps.variables].some(isFoundLater),
    criteria: yield* compileCriteria(site, `${path}.acceptance_criteria`, source.acceptance_criteria),
    deadlineMs: source.deadline_seconds ? source.deadline_seconds * 1000 : null,
    responseFields: source.response_fields ?? undefined,
    isSecretName: buildSecretNames(namesReadFor(site.isSecretField, source), () => false),
    isKnownName: knownNames(flow.fields, source),
  };
}

/** What browsers would send for the origins as they were written. An empty list is none: it would refuse every page. */
function compileOrigins(
  site: CompileSite,
  path: string,
  origins: readonly string[] | null | undefined,
): ReadonlySet<string> | null {
  if (!origins) return null;
  if (origins.length === 0) {
    const message = 'The list is empty, so every page would be refused: name the origins, or leave the list out.';
    site.problems.push({ path, message });
  }
  origins.forEach((origin, index) => {
    if (!isOrigin(origin)) site.problems.push({ path: `${path}.${index}`, message: NO_ORIGIN });
  });
  return new Set(origins.map((origin) => origin.toLowerCase()));
}

const NO_ORIGIN =
  'This is not an origin: write scheme and host as a browser sends them, without a path and without the usual port, such as https://www.example.com.';

function isOrigin(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text) && new URL(text).origin === text.toLowerCase();
}

function compileRedirectHosts(site: CompileSite, at: { path: string; source: Source }): readonly string[] | null {
  const { redirect_hosts: hosts, integration } = at.source;
  if (!hosts) return null;
  const path = `${at.path}.redirect_hosts`;
  const module = site.modules.find(integration.module_id);
  if (module?.direction === 'inbound' && module.checksRedirectHosts !== true) {
    const message = `"${integration.module_id}" does not check where it sends visitors, so the list would have no effect: leave it out, or use leadconduit-default.inbound.`;
    site.problems.push({ path, message });
  }
  if (hosts.length === 0) {
    const message = 'The list is empty, so every redir_url would be refused: name the hosts, or leave the list out.';
    site.problems.push({ path, message });
  }
  hosts.forEach((host, index) => {
    if (!isHostPattern(host)) site.problems.push({ path: `${path}.${index}`, message: NO_HOST });
  });
  return hosts.map((host) => host.toLowerCase());
}

const NO_HOST =
  'This is not a host name: write the name alone, without scheme, port and path, such as www.example.com, or *.example.com for every host below it.';

function isHostPattern(text: string): boolean {
  const name = text.replace(/^\*\./, '').toLowerCase();
  return !name.includes('*') && URL.canParse(`https://${name}`) && new URL(`https://${name}`).hostname === name;
}

/** Those that a mapping fills from what is another each time: the instant, chance, the certificate of a page. */
function listUnsteadyFields(mappings: Source['integration']['mappings']): ReadonlySet<string> {
  const unsteady = mappings.filter(({ value, rule_set: rules }) =>
    UNSTEADY.test(JSON.stringify([value, rules ?? null])),
  );
  return new Set(unsteady.map(({ property }) => property.replace(/^lead\./, '')));
}

const UNSTEADY = /random|now|timestamp|submission|trustedform/i;

/** Variables that only list checks and pricing set. */
function isFoundLater(variable: string): boolean {
  return /^(suppressionlist|price|purchase_price)\b/.test(variable);
}

export function inboundModule(
  site: CompileSite,
  { moduleId, path }: { moduleId: string; path: string },
): InboundModule | null {
  const module = site.modules.find(moduleId);
  if (module?.direction === 'inbound') return module;
  const message = module
    ? `"${moduleId}" delivers leads; a source needs a module that receives them, such as leadconduit-default.inbound.`
    : `There is no integration "${moduleId}": install it or use leadconduit-default.inbound.`;
  site.problems.push({ path, message });
  return null;
}

export function* compileCriteria(
  site: CompileSite,
  path: string,
  criteria: AcceptanceCriteria | null | undefined,
): Sliced<CompiledCriteria | null> {
  if (!criteria) return null;
  const outcome = LEAD_OUTCOMES.find((known) => known === (criteria.outcome ?? 'failure'));
  if (!outcome) site.problems.push({ path: `${path}.outcome`, message: 'The outcome is success, failure or error.' });
  return {
    rules: yield* rulesAt(site, `${path}.rule_set`, criteria.rule_set),
    outcome: outcome ?? 'failure',
    reason: criteria.reason ? templateAt(site, `${path}.reason`, criteria.reason) : null,
  };
}
