import { describe, expect, it } from 'vitest';
import { findAnswerFault, type SentAnswer } from './answer-fault.ts';

const ACCOUNT = {
  id: 'a',
  name: 'Acme',
  time_zone: 'America/Chicago',
  data_retention_in_days: 90,
  facts_retention_in_days: 90,
  data_truncated_at: null,
  lead_ping_enabled: true,
};
const JSON_TYPE = 'application/json; charset=utf-8';
const SUBMIT = '/flows/:flow_id/sources/:source_id/submit';

const find = (body: unknown, parts: Partial<SentAnswer> = {}) =>
  findAnswerFault({
    ...{ method: 'GET', path: '/account', status: 200, type: JSON_TYPE },
    payload: typeof body === 'string' ? body : JSON.stringify(body),
    ...parts,
  });

describe('an answer that its row declares', () => {
  it.each<[string, unknown, Partial<SentAnswer>]>([
    ['a body of the schema', ACCOUNT, {}],
    ['an error of the router', { error: 'x', code: 'malformed_query' }, { status: 400 }],
    ['the documented 401', { error: 'authentication failed' }, { status: 401 }],
    ['a text, where one may be asked for', 'Sold.', { path: '/leads/:id/explain', type: 'text/plain; charset=utf-8' }],
    ['a refusal that senders know', { message: 'Source is disabled' }, { path: SUBMIT, status: 403 }],
    ['a refusal in the format of a module', 'Invalid', { path: SUBMIT, status: 400, type: 'text/plain' }],
    ['a method that is refused', { error: 'x', code: 'method_not_allowed' }, { method: 'PATCH', status: 405 }],
    ['a stream outside the table', 'data: 1', { path: '/jobs/:id/events', type: 'text/event-stream' }],
  ])('%s is no fault', (_name, body, parts) => {
    expect(find(body, parts)).toBeUndefined();
  });
});

describe('an answer that its row does not declare', () => {
  it.each<[string, unknown, Partial<SentAnswer>, string]>([
    ['a status', ACCOUNT, { status: 201 }, 'GET /account → 201 is no status of the row'],
    ['a missing property', { ...ACCOUNT, name: undefined }, {}, 'must have required properties name'],
    ['an unknown property', { ...ACCOUNT, secret: 'x' }, {}, 'must not have additional properties'],
    ['a status of errors', { error: 'x', code: 'conflict' }, { status: 409 }, '409 is no status of the row'],
    ['an error code', { error: 'x', code: 'malformed_id' }, { status: 400 }, 'malformed_id is no code of the row'],
    ['an error without its code', { error: 'x' }, { status: 400 }, 'undefined is no code of the row'],
    ['an error in another form', { message: 'x' }, { status: 400 }, 'is no error body'],
    ['no body', '', {}, 'has no body'],
    ['an error without a body', '', { status: 400 }, 'has no body'],
    ['a media type', 'x', { type: 'text/plain' }, 'text/plain is no media type of the row'],
    ['an error as text', 'x', { status: 400, type: 'text/plain' }, 'is not JSON'],
    ['a refusal that no sender knows', { message: 'Closed' }, { path: SUBMIT, status: 403 }, 'is no error body'],
    ['a method that is taken', ACCOUNT, { method: 'PATCH' }, 'is not 405'],
  ])('%s is a fault', (_name, body, parts, fault) => {
    expect(find(body, parts)).toContain(fault);
  });
});
