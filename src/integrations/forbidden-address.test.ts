import { describe, expect, it } from 'vitest';
import { isForbiddenAddress, isPrivateHostAllowed, parseAllowedNetwork } from './forbidden-address.ts';

// biome-ignore format: a table reads better in rows
const FORBIDDEN = [
  // not an address at all
  '', 'localhost', 'example.com', '1.2.3.4.5', '300.1.1.1', '1.2.3.4:80', ':::', '12345::', '[::1]', '\u0000',
  // this network, loopback
  '0.0.0.0', '0.1.2.3', '127.0.0.1', '127.255.255.254', '::', '::1', '0:0:0:0:0:0:0:1',
  // private
  '10.0.0.0', '10.255.255.255', '172.16.0.1', '172.31.255.255', '192.168.0.1', '192.168.255.255',
  'fc00::1', 'fd00:ec2::254', 'fdff:ffff::1',
  // link-local, where cloud metadata lives; metadata elsewhere
  '169.254.0.1', '169.254.169.254', 'fe80::1', 'fe80::1%eth0', 'febf::1', '168.63.129.16', '100.100.100.200',
  '192.0.0.192',
  // carrier-grade NAT, benchmarking, documentation, protocol assignments
  '100.64.0.1', '100.127.255.255', '198.18.0.1', '198.19.255.255', '192.0.2.1', '198.51.100.1', '203.0.113.1',
  '192.0.0.1', '192.88.99.1', '2001:db8::1', '3fff::1', '2001:2::1', '100::1', '5f00::1',
  // multicast, reserved, broadcast
  '224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255', 'ff02::1', 'ff0e::1',
  // deprecated site-local and unassigned IPv6
  'fec0::1', '4000::1', '8000::1', 'e000::1', '::2', '::127.0.0.1', '::8.8.8.8',
  // IPv4-mapped
  '::ffff:127.0.0.1', '::ffff:7f00:1', '::FFFF:10.0.0.1', '::ffff:169.254.169.254', '0:0:0:0:0:ffff:c0a8:1',
  '::ffff:168.63.129.16',
  // NAT64, its local-use prefix, stateless translation
  '64:ff9b::127.0.0.1', '64:ff9b::a00:1', '64:ff9b::169.254.169.254', '64:ff9b:1::8.8.8.8', '::ffff:0:8.8.8.8',
  // 6to4 and Teredo
  '2002:7f00:1::', '2002:a00:1::1', '2002:a9fe:a9fe::', '2002:c0a8:101::1', '2001:0:4136:e378::1',
];

// biome-ignore format: a table reads better in rows
const FREE = [
  '8.8.8.8', '1.1.1.1', '100.63.255.255', '100.128.0.1', '172.15.255.255', '172.32.0.1', '192.167.255.255',
  '169.253.255.255', '198.17.255.255', '198.20.0.1', '223.255.255.255', '126.255.255.255', '128.0.0.1',
  '2606:4700:4700::1111', '2a00:1450:4001:81b::200e', '2001:4860:4860::8888',
  '::ffff:8.8.8.8', '64:ff9b::8.8.8.8', '2002:808:808::1',
];

describe('isForbiddenAddress', () => {
  it.each(FORBIDDEN)('refuses %j', (address) => {
    expect(isForbiddenAddress(address, 443, [])).toBe(true);
  });

  it.each(FREE)('lets %s through', (address) => {
    expect(isForbiddenAddress(address, 443, [])).toBe(false);
  });

  it.each([
    ['127.0.0.1/32:8401', '127.0.0.1', 8401, false],
    ['127.0.0.1/32:8401', '127.0.0.1', 8402, true],
    ['127.0.0.1/32:8401', '127.0.0.2', 8401, true],
    ['127.0.0.1/32:8401', '::ffff:127.0.0.1', 8401, false],
    ['127.0.0.1/32:8401', '64:ff9b::127.0.0.1', 8401, false],
    ['127.0.0.1/32:8401', '::1', 8401, true],
    ['10.0.0.0/8', '10.200.1.1', 25, false],
    ['10.0.0.0/8', '11.0.0.1', 25, false],
    ['10.0.0.0/8', '192.168.0.1', 25, true],
    ['[::1]/128:8401', '::1', 8401, false],
    ['::1/128:8401', '::1', 8401, false],
    ['::1/128', '::1', 9, false],
    ['::1/128:8401', '127.0.0.1', 8401, true],
    ['fd00::/8', 'fd12::1', 80, false],
    ['0.0.0.0/0', '169.254.169.254', 80, false],
    ['0.0.0.0/0', 'fd12::1', 80, true],
  ])('with %s allowed, %s port %i: forbidden is %s', (network, address, port, forbidden) => {
    const parsed = parseAllowedNetwork(network);
    if (!parsed.ok) throw new Error(parsed.error);
    expect(isForbiddenAddress(address, port, [parsed.value])).toBe(forbidden);
  });
});

describe('parseAllowedNetwork', () => {
  it.each([
    '',
    '127.0.0.1',
    '127.0.0.1:80',
    '127.0.0.1/33',
    '::1/129',
    '127.0.0.1/32:',
    '127.0.0.1/32:0',
    '127.0.0.1/32:65536',
    'localhost/32',
    '10.0.0.0/-1',
    '10.0.0.0/8 # office',
    '300.0.0.0/8',
  ])('refuses %j and says what to write', (text) => {
    expect(parseAllowedNetwork(text)).toEqual({ ok: false, error: expect.stringContaining('10.0.0.0/8') });
  });
});

describe('isPrivateHostAllowed', () => {
  it.each([
    ['localhost', 8401, true],
    ['localhost', 8402, false],
    ['crm', 8401, true],
    ['127.0.0.1', 8401, true],
    ['127.0.0.1', 80, false],
    ['[::1]', 8401, false],
  ])('with 127.0.0.1/32:8401 allowed, %s port %i: %s', (hostname, port, isAllowed) => {
    const parsed = parseAllowedNetwork('127.0.0.1/32:8401');
    if (!parsed.ok) throw new Error(parsed.error);
    expect(isPrivateHostAllowed(hostname, port, [parsed.value])).toBe(isAllowed);
  });
});
