import { appendKeyOf } from '../../../../src/model/append-key.ts';
import { listDeliverySteps } from '../../../../src/model/delivery-steps.ts';
import type { FlowDocument } from '../../../../src/model/flow.ts';

/** Fields whose type alone says little. */
const OF_FIELD: Readonly<Record<string, string>> = {
  first_name: 'Jane',
  last_name: 'Doe',
  email: 'jane.doe@example.com',
  city: 'Austin',
};

const OF_TYPE: Readonly<Record<string, string>> = {
  boolean: 'true',
  city: 'Austin',
  credential: 'K7Q-2231',
  date: '2026-11-20',
  dob: '1990-11-20',
  email: 'jane.doe@example.com',
  first_name: 'Jane',
  gender: 'female',
  ip: '192.0.2.1',
  last_name: 'Doe',
  number: '1000',
  phone: '(512) 789-4321',
  postal_code: '78704',
  range: '50000-100000',
  ssn: '123-45-6789',
  state: 'TX',
  street: '1234 Main St',
  time: '2026-11-20T15:04:05Z',
  trustedform_url: 'https://cert.trustedform.com/0123456789abcdef0123456789abcdef01234567',
  url: 'https://www.example.com/form',
};

/** What a value of the field may look like, where the field has no example of its own. */
export function exampleOf(id: string, type: string): string {
  return OF_FIELD[id] ?? OF_TYPE[type] ?? 'example';
}

/** Recipients above the step at the path have taken the lead. */
export function listAnswers(document: FlowDocument, path: string): Record<string, { outcome: 'success' }> {
  const [, before] = /^steps\.(\d+)/.exec(path) ?? [];
  const keys = listDeliverySteps(document)
    .filter(({ index }) => before === undefined || index < Number(before))
    .map(({ step }) => appendKeyOf(step));
  return Object.fromEntries(keys.map((key) => [key, { outcome: 'success' }]));
}
