import { describe, expect, it } from 'vitest';
import { takeOutSecret } from './take-out-secret.ts';

const [STEP, RECIPIENT, CREDENTIAL] = [
  'aaaaaaaaaaaaaaaaaaaaaaaa',
  'bbbbbbbbbbbbbbbbbbbbbbbb',
  'cccccccccccccccccccccccc',
];
interface Delivery {
  id?: string;
  type?: string;
  integration?: { module_id: string; mappings: { property: string; value: unknown }[] };
  recipients?: Delivery[];
}
const flowWith = (value: unknown, parts: object = {}): { steps: Delivery[] } => ({
  steps: [
    { type: 'filter', id: 'f' },
    {
      ...{ type: 'recipient', id: STEP, ...parts },
      integration: {
        module_id: 'm',
        mappings: [
          { property: 'url', value: 'https://a.example.com' },
          { property: 'header.X', value },
        ],
      },
    },
    {
      ...{ type: 'distribution', id: 'd' },
      recipients: [{ id: RECIPIENT, integration: { module_id: 'm', mappings: [{ property: 'header.X', value }] } }],
    },
  ],
});
const take = (document: object, place: object = {}) =>
  takeOutSecret(document as never, { stepId: STEP, property: 'header.X', credentialId: CREDENTIAL, ...place });

describe('a secret is taken out of a mapping', () => {
  // biome-ignore format: a table reads better in rows
  it.each([
    ['as it is', 'secret-4711', 'secret-4711', '{{credential.key}}'],
    ['without blanks around it', ' secret-4711\n', 'secret-4711', '{{credential.key}}'],
    ['without its scheme, which stays', 'Bearer secret-4711', 'secret-4711', 'Bearer {{credential.key}}'],
    ['of a scheme in any case', 'basic  YTpi', 'YTpi', 'basic  {{credential.key}}'],
    ['that only begins like a scheme', 'Bearers secret', 'Bearers secret', '{{credential.key}}'],
  ])('%s', (_, value, secret, template) => {
    const document = flowWith(value);
    const before = JSON.stringify(document);
    for (const [stepId, read] of [
      [STEP, (taken: ReturnType<typeof flowWith>) => taken.steps[1]],
      [RECIPIENT, (taken: ReturnType<typeof flowWith>) => taken.steps[2]?.recipients?.[0]],
    ] as const) {
      const taken = take(document, { stepId });
      expect(taken).toMatchObject({ ok: true, value: { secret } });
      const changed = read((taken as unknown as { value: { document: ReturnType<typeof flowWith> } }).value.document);
      expect(changed).toMatchObject({ credential_id: CREDENTIAL });
      expect(changed?.integration?.mappings.at(-1)).toMatchObject({ property: 'header.X', value: template });
    }
    expect(JSON.stringify(document)).toBe(before);
  });
});

describe('nothing is taken out', () => {
  // biome-ignore format: a table reads better in rows
  it.each<[string, object, object, string]>([
    ['of a step that is not there', flowWith('secret'), { stepId: 'dddddddddddddddddddddddd' }, 'step_id'],
    ['of a filter', flowWith('secret'), { stepId: 'f' }, 'step_id'],
    ['of a property that is not mapped', flowWith('secret'), { property: 'header.Y' }, 'property'],
    ['of a template', flowWith('{{lead.email}}'), {}, 'property'],
    ['of a list', flowWith(['secret']), {}, 'property'],
    ['of nothing', flowWith(' '), {}, 'property'],
    ['of an address', flowWith('https://a.example.com?key=secret'), {}, 'property'],
    ['of a step that has a credential', flowWith('secret', { credential_id: CREDENTIAL }), {}, 'step_id'],
    ['of a flow without steps', { steps: null }, {}, 'step_id'],
  ])('%s', (_, document, place, path) => {
    expect(take(document, place)).toMatchObject({ ok: false, error: [{ path }] });
  });

  it('of a step whose mapping names a credential', () => {
    const document = flowWith('secret');
    const mappings = document.steps[1]?.integration?.mappings;
    mappings?.push({ property: 'credential_id', value: CREDENTIAL });
    expect(take(document)).toMatchObject({ ok: false, error: [{ path: 'step_id' }] });
  });
});
