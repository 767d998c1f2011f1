import { expect, it } from 'vitest';
import { writeSubject } from './SubjectFields.tsx';

it.each([
  [{ kind: 'email' as const, text: ' ada@example.com ' }, { email: 'ada@example.com' }],
  [{ kind: 'phone' as const, text: '512-789-4321' }, { phone: '512-789-4321' }],
  [{ kind: 'leads' as const, text: 'a b,\nc' }, { lead_ids: ['a', 'b', 'c'] }],
])('%j is asked as %j', (subject, asked) => {
  expect(writeSubject(subject)).toEqual(asked);
});
