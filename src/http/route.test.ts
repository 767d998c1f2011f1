import { describe, expect, it } from 'vitest';
import { PERMISSIONS } from '../access/permissions.ts';
import { takesBody } from './route.ts';
import { ROUTES } from './routes.ts';

const rows = ROUTES.map((row) => [`${row.method} ${row.path}`, row] as const);

describe('the table of routes', () => {
  it('has no two rows of one name, and none of one method and path', () => {
    expect(new Set(ROUTES.map(({ name }) => name)).size).toBe(ROUTES.length);
    expect(new Set(rows.map(([key]) => key)).size).toBe(ROUTES.length);
  });

  it.each(rows)('%s names a permission that there is', (_key, { permission }) => {
    expect(['public', 'session', ...Object.keys(PERMISSIONS)]).toContain(permission);
  });

  it.each(rows.filter(([, row]) => row.doc.summary !== ''))('%s reads every parameter of its path', (_key, row) => {
    const named = [...row.path.matchAll(/:(\w+)/g)].map(([, name]) => name);
    expect(Object.keys(row.params)).toEqual(named);
  });

  it.each(rows.filter(([, row]) => row.doc.summary !== ''))('%s takes a body only where one is sent', (_key, row) => {
    expect(row.body !== undefined).toBe(takesBody(row));
  });
});
