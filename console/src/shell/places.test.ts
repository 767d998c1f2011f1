import { describe, expect, it } from 'vitest';
import { findPlaces } from './places.ts';

const ALL = [
  ...['flows.read', 'leads.read', 'reports.read', 'jobs.read', 'leads.submit', 'feedback.send', 'lists.read'],
  ...['lists.write', 'users.manage', 'keys.manage', 'activity.read', 'account.manage', 'privacy.manage'],
];
const sections = [
  { to: '/', label: 'Home' },
  { to: '/flows', label: 'Flows', permission: 'flows.read' },
  { to: '/events', label: 'Events', permission: 'leads.read' },
  { to: '/problems', label: 'Problems', permission: 'leads.read' },
  { to: '/caps', label: 'Caps', permission: 'flows.read' },
  { to: '/jobs', label: 'Jobs', permission: 'jobs.read' },
];
const found = (query: string, permissions: readonly string[] = ALL) =>
  findPlaces(query, { sections, permissions }).map(({ to }) => to);

describe('pages of the palette', () => {
  it('are the sections alone while nothing is asked', () => {
    expect(found('')).toEqual(sections.map(({ to }) => to));
  });

  it.each([
    ['import', '/import/leads'],
    ['import conversions', '/import/feedback'],
    ['conversion', '/import/feedback'],
    ['returns', '/sources'],
    ['add vendor', '/flows'],
    ['vendors', '/sources'],
    ['invite', '/settings/users'],
    ['suppression', '/lists'],
    ['undo', '/flows'],
    ['retry', '/problems'],
    ['raise cap', '/caps'],
    ['audit', '/activity'],
    ['webh', '/settings/webhooks'],
  ])('for %j have %s', (query, to) => {
    expect(found(query)).toContain(to);
  });

  it('have first what is called so', () => {
    expect(found('import')[0]).toBe('/import/leads');
    expect(found('caps')[0]).toBe('/caps');
    expect(found('events')[0]).toBe('/events');
  });

  it.each(['sdfsdf', 'vendor nothing', 'x'.repeat(200)])('are none for %j', (query) => {
    expect(found(query)).toEqual([]);
  });

  it('are not offered to who may not see them', () => {
    expect(found('import', ['jobs.read'])).toEqual(['/jobs']);
  });
});
