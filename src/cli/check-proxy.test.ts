import { describe, expect, it } from 'vitest';
import { checkProxy } from './check-proxy.ts';

const URL = 'https://leads.example.com';
const NONE = { host: '127.0.0.1', publicUrl: null, trustedProxies: [] };

describe('sluice doctor on the proxy', () => {
  it.each([
    ['a trial on one machine', NONE],
    ['a URL of this machine', { ...NONE, publicUrl: 'http://localhost:8400' }],
    ['a proxy with TLS that is named', { ...NONE, publicUrl: URL, trustedProxies: ['127.0.0.1'] }],
  ])('%s is fine', (_, settings) => {
    expect(checkProxy(settings).level).toBe('ok');
  });

  it.each([
    ['other machines without TLS', { ...NONE, host: '0.0.0.0' }, /put a proxy that speaks TLS in front/],
    ['a public URL without TLS', { ...NONE, publicUrl: 'http://leads.example.com' }, /without TLS: put a proxy/],
    ['TLS and no proxy named', { ...NONE, publicUrl: URL }, /not in SLUICE_TRUSTED_PROXIES.*: add it/],
    ['a proxy and no public URL', { ...NONE, trustedProxies: ['10.0.0.1'] }, /SLUICE_PUBLIC_URL is not set: set it/],
    ['a proxy that may be anybody', { ...NONE, publicUrl: URL, trustedProxies: ['0.0.0.0/0'] }, /any address: name/],
    ['the same in IPv6', { ...NONE, publicUrl: URL, trustedProxies: ['::/0'] }, /any address: name/],
  ])('%s is a warning that says what to do', (_, settings, says) => {
    expect(checkProxy(settings)).toEqual({ level: 'warning', says: expect.stringMatching(says) });
  });
});
