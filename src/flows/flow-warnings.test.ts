import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { WORKLOADS } from '../../bench/workloads.ts';
import { GOLDEN_LEADS } from '../../test/golden/leads.ts';
import { demoFlow } from '../demo/demo-flow.ts';
import { builtinModules } from '../integrations/builtin-modules.ts';
import { createModuleRegistry } from '../integrations/registry.ts';
import { finish } from '../lib/slices.ts';
import type { CredentialName } from '../model/credential.ts';
import { warningsInSlices } from './flow-warnings.ts';
import { findServicesWithoutCredential, findUnknownPricingServices } from './named-pricing-services.ts';
import { parseFlowDocument } from './parse-flow-document.ts';

const customFields = [{ id: 'secret_acme', name: 'Secret', type: 'string' as const }];
const modules = createModuleRegistry(builtinModules([]));
const found = (document: object) =>
  finish(warningsInSlices({ ...document }, { customFields, modules })).map(({ check, path }) => `${check} ${path}`);
const sample = (name: string) => JSON.parse(readFileSync(new URL(`./cases/${name}.json`, import.meta.url), 'utf8'));

/** Flows that deliver and do not look at the answer, which their tests are about. */
const UNFILTERED = ['recipients-without-filter steps'];
/** Of leads whose flow is odd on purpose. */
const MEANT: Record<string, string[]> = {
  waterfall: ['cap-takes-none steps.0.recipients.1.caps.0.maximum'],
  'skipped-steps': ['cap-takes-none steps.1.caps.0.maximum', ...UNFILTERED],
};

describe('the flows of this repository have the warnings they deserve', () => {
  it('the demo flow has none', () => {
    expect(found(demoFlow('http://127.0.0.1:8401/'))).toEqual([]);
  });

  it.each(WORKLOADS)('workload $name', ({ flow, deliversEach }) => {
    expect(found(flow('http://127.0.0.1:1'))).toEqual(deliversEach ? UNFILTERED : []);
  });

  it.each(GOLDEN_LEADS)('golden lead $name', ({ name, flow }) => {
    expect([[], UNFILTERED, MEANT[name]]).toContainEqual(found(flow));
  });

  it('the sample documents have parts that nothing acts on yet, and read a field they do not list', () => {
    const sound = (name: string) => {
      const parsed = parseFlowDocument(sample(name));
      return parsed.ok ? found(parsed.value.sound) : ['malformed'];
    };
    for (const name of ['flow-sample-of-seed-003', 'create-sample-of-seed-003', 'flow-sample-of-seed-004']) {
      expect(sound(name)).toEqual(expect.arrayContaining(['part-not-used firehose']));
      expect(sound(name).filter((warning) => warning.startsWith('unknown-name'))).toEqual([]);
      expect(sound(name)).toContain('mapping-to-no-field sources.0.integration.mappings.0.property');
    }
    const unread = sound('flow-sample-of-seed-004').filter((warning) => warning.startsWith('unknown-variable'));
    expect(unread).toEqual(['unknown-variable list_checks.duplicate.value', 'unknown-variable list_checks.dnc.value']);
  });
});

describe('a pricing service that a flow names', () => {
  const named = (service_id: string) => ({ pricing_service: { service_id, fallback_price: 1 } });
  const flow = { name: 'F', enabled: true, fields: [], steps: [], ...named('a'), sources: [] };
  const live = {
    id: 'a',
    name: 'Rates',
    url: 'https://prices.example.com',
    variables: [],
    credentialId: null,
    secret: null,
  };
  const unknown = (services: readonly (typeof live)[] | undefined, sources: object[]) =>
    findUnknownPricingServices(
      { ...flow, sources } as never, // a document with the two parts that are read
      services && new Map(services.map((each) => [each.id, each])),
    ).map(({ path }) => path);

  it('must exist, at the flow and at each source', () => {
    expect(unknown([live], [named('a'), named('b'), {}])).toEqual(['sources.1.pricing_service.service_id']);
    expect(unknown([], [])).toEqual(['pricing_service.service_id']);
    expect(unknown(undefined, [named('b')])).toEqual([]);
  });

  it('needs a credential that is there and authenticates requests, where it names one', () => {
    const without = (credentialId: string | null, known: readonly CredentialName[]) =>
      findServicesWithoutCredential({ ...flow, sources: [named('unknown')] } as never, {
        pricingServices: new Map([['a', { ...live, credentialId }]]),
        credentials: new Map(known.map((each) => [each.id, each])),
      }).map(({ path }) => path);
    const of = (type: CredentialName['type']) => [{ id: 'c', name: 'C', type }];
    expect(without(null, [])).toEqual([]);
    expect(without('c', of('user'))).toEqual([]);
    expect(without('c', of('smtp'))).toEqual(['pricing_service.service_id']);
    expect(without('c', [])).toEqual(['pricing_service.service_id']);
  });
});

describe('warningsOf', () => {
  it('says nothing of a document with faults in its shape', () => {
    const filter = { type: 'filter', rule_set: { op: 'and', rules: 'none' } };
    const step = { type: 'filter', rule_set: { op: 'and', rules: [{ lhv: 'lead.nope', op: 'is blank' }] } };
    const flow = { name: 'F', enabled: true, fields: ['email'], sources: [] };
    expect(found({ ...flow, steps: [filter, step] })).toEqual([]);
    expect(found({ ...flow, steps: [step] })).toHaveLength(1);
  });
});
