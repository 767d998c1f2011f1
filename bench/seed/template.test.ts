import { describe, expect, it } from 'vitest';
import { compileTemplate, fillTemplate, type Marks } from './template.ts';

const STARTED = Date.parse('2026-03-01T10:00:00.100Z');
const LEAD_ID = '69a40f60aaaaaaaaaaaaaaaa';
const MARKS: Marks = {
  person: { emailUser: 'zq.000007', phone: '5127396418' },
  ids: [LEAD_ID],
  fixed: { '69a40f60bbbbbbbbbbbbbbbb': 'the list of the other database' },
  startedAt: STARTED,
  answeredAt: STARTED + 20,
};
const FILLING = {
  person: { emailUser: 'ann', phone: '5122000001' },
  ids: ['5eed'],
  startedAt: Date.parse('2026-01-05T00:00:00.000Z'),
  lateByMs: 60_000,
};

const fill = (text: string) => fillTemplate(compileTemplate(text, MARKS), FILLING);

describe('a stored row as a template', () => {
  it.each([
    [
      'what a person sent, in every spelling',
      '{"email":"zq.000007@example.com","body":"email=zq.000007%40example.com&phone=5127396418"}',
      '{"email":"ann@example.com","body":"email=ann%40example.com&phone=5122000001"}',
    ],
    ['ids of the lead', `/leads/${LEAD_ID}`, '/leads/5eed'],
    ['ids that the other database has otherwise', '"69a40f60bbbbbbbbbbbbbbbb"', '"the list of the other database"'],
    ['times as ISO 8601', '"2026-03-01T10:00:00.105Z"', '"2026-01-05T00:00:00.005Z"'],
    ['times as PostgreSQL writes them in JSON', '"2026-03-01T10:00:00.1+00:00"', '"2026-01-05T00:00:00.000Z"'],
    ['times in milliseconds', `{"at":${STARTED + 20}}`, `{"at":${FILLING.startedAt + 20}}`],
    ['times of HTTP headers', 'Sun, 01 Mar 2026 10:00:00 GMT', 'Sun, 04 Jan 2026 23:59:59 GMT'],
    ['times after the answer, which come later', `{"at":${STARTED + 21}}`, `{"at":${FILLING.startedAt + 60_021}}`],
  ])('replaces %s', (_, stored, filled) => {
    expect(fill(stored)).toBe(filled);
  });

  it.each([
    ['times that are not of the lead', '"2025-12-24T18:00:00.000Z"'],
    ['other ids and numbers', '{"id":"5fd0c0de0000000000000001","price":12.5,"ms":1234567890123456}'],
  ])('keeps %s', (_, stored) => {
    expect(fill(stored)).toBe(stored);
  });
});
