import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { WORKLOADS } from '../../bench/workloads.ts';
import { GOLDEN_LEADS } from '../../test/golden/leads.ts';
import { demoFlow } from '../demo/demo-flow.ts';
import { builtinModules } from '../integrations/builtin-modules.ts';
import { createModuleRegistry } from '../integrations/registry.ts';
import { finish } from '../lib/slices.ts';
import type { CredentialName } from '../model/credential.ts';
import { findFirehoseFaults } from './firehose-faults.ts';
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

/** The `price_path` of a golden lead’s delivery: its price is recorded as what was answered, and most book none of it. */
const UNBOOKED = /^setting-without-effect steps\.[\w.]+\.integration\.mappings\.\d+$/;

describe('the flows of this repository have the warnings they deserve', () => {
  it('the demo flow has none', () => {
    expect(found(demoFlow('http://127.0.0.1:8401/'))).toEqual([]);
  });

  it.each(WORKLOADS)('workload $name', ({ flow, deliversEach }) => {
    expect(found(flow('http://127.0.0.1:1'))).toEqual(deliversEach ? UNFILTERED : []);
  });

  it.each(GOLDEN_LEADS)('golden lead $name', ({ name, flow }) => {
    expect([[], UNFILTERED, MEANT[name]]).toContainEqual(found(flow).filter((warning) => !UNBOOKED.test(warning)));
  });

  it('the sample documents name both forms of a firehose, and read a field they do not list', () => {
    const sound = (name: string) => {
      const parsed = parseFlowDocument(sample(name));
      return parsed.ok ? found(parsed.value.sound) : ['malformed'];
    };
    for (const name of ['flow-sample-of-seed-003', 'create-sample-of-seed-003', 'flow-sample-of-seed-004']) {
      expect(sound(name)).toEqual(expect.arrayContaining(['firehose-cannot-write firehose']));
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

describe('a firehose that copies nothing', () => {
  const named = (id: string, type: 'aws' | 'azure') => [id, { id, name: id, type }] as const;
  const credentials = new Map([named('s3', 'aws'), named('az', 'azure')]);
  const aws = { enabled: true, credential_id: 's3', bucket: 'b' };
  const azure = { enabled: true, credential_id: 'az', bucket: 'b' };
  const faults = (firehose: object) => findFirehoseFaults({ firehose } as never, credentials).map(({ path }) => path); // a document with the one part that is read

  it.each<[string, object, string[]]>([
    ['nothing of one that is complete', { services: { aws, azure } }, []],
    ['nothing of a flat one', aws, []],
    ['nothing of one that is switched off', { services: { aws: { enabled: false } }, enabled: false }, []],
    [
      'nothing of a connection string',
      { services: { azure: { enabled: true, bucket: 'b', connection_string: 'x' } } },
      [],
    ],
    ['no bucket', { services: { aws: { ...aws, bucket: ' ' } } }, ['firehose.services.aws.bucket']],
    ['no bucket of the flat form', { enabled: true, credential_id: 's3' }, ['firehose.bucket']],
    ['no credential', { services: { aws: { enabled: true, bucket: 'b' } } }, ['firehose.services.aws.credential_id']],
    ['a connection string of S3', { enabled: true, bucket: 'b', connection_string: 'x' }, ['firehose.credential_id']],
    ['an unknown credential', { ...aws, credential_id: 'no' }, ['firehose.credential_id']],
    [
      'a credential of another type',
      { services: { azure: { ...azure, credential_id: 's3' } } },
      ['firehose.services.azure.credential_id'],
    ],
    [
      'a connection string beside it',
      { services: { aws: { ...aws, connection_string: 'x' } } },
      ['firehose.services.aws.connection_string'],
    ],
    ['a bucket that leads elsewhere', { ...aws, bucket: '../b' }, ['firehose.bucket']],
    ['a prefix that leads elsewhere', { ...aws, prefix: 'a/../c' }, ['firehose.prefix']],
    ['a prefix that leaves no room for a name', { ...aws, prefix: 'x'.repeat(980) }, ['firehose.prefix']],
    ['nothing of a long prefix', { ...aws, prefix: 'x'.repeat(900) }, []],
    ['both forms', { ...aws, services: { aws } }, ['firehose']],
    ['what is no object', { services: { aws: 'x' } }, []],
  ])('%s', (_, firehose, paths) => {
    expect(faults(firehose)).toEqual(paths);
  });

  it('is not judged by credentials that are not known', () => {
    expect(findFirehoseFaults({ firehose: { ...aws, credential_id: 'no' } } as never, undefined)).toEqual([]);
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
