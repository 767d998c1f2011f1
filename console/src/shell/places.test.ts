import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findPlaces, PAGES } from './places.ts';

/** Pages without a parameter that nobody looks for by a name. */
const NOT_FOUND: Readonly<Record<string, string>> = {
  '/sign-in': 'is before the session',
  '/welcome': 'is before the session',
  '/invitation': 'is before the session',
  '/settings': 'leads to the profile',
  '/import': 'leads to the import of leads',
};

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

  it('are every page of the router that takes no parameter', () => {
    const read = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');
    const routes = [...read('../routes.tsx').matchAll(/^ {2}path: '([^$\n]+)',$/gm)].map(([, path = '']) => path);
    const begun = [...read('./sections.ts').matchAll(/\bto: '([^']+)'/g)].map(([, path = '']) => path);
    expect(routes.length).toBeGreaterThan(40);
    expect(begun.length).toBeGreaterThan(8);
    const offered = new Set([...begun, ...PAGES.map(({ to }) => to)]);
    expect(routes.filter((path) => !offered.has(path)).sort()).toEqual(Object.keys(NOT_FOUND).sort());
    expect(
      [...offered].filter((path) => !routes.includes(path)),
      'that lead nowhere',
    ).toEqual([]);
    for (const { to, label, permission } of PAGES)
      expect(found(label, permission === undefined ? [] : [permission]), label).toContain(to);
  });

  it('are not offered to who may not see them', () => {
    expect(found('import', ['jobs.read'])).toEqual(['/jobs']);
  });
});
