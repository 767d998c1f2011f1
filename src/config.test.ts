import { describe, expect, it } from 'vitest';
import { loadConfig, SETTINGS } from './config.ts';

const SECRET = 'ab'.repeat(32);

function refusals(env: Record<string, string>): string[] {
  const config = loadConfig(env);
  return config.ok ? [] : config.error.map(({ message }) => message);
}

describe('loadConfig', () => {
  it('has a default for every setting', () => {
    expect(loadConfig({ PATH: '/bin' })).toMatchObject({
      ok: true,
      value: {
        host: '127.0.0.1',
        port: 8400,
        dataDir: '.sluice',
        databaseUrl: null,
        workers: 1,
        settleWaitSeconds: 10,
      },
    });
  });

  it('takes an empty value for the default', () => {
    expect(loadConfig({ SLUICE_PORT: '', SLUICE_ADMIN_API_KEY: ' ' })).toMatchObject({
      ok: true,
      value: { port: 8400, adminApiKey: null },
    });
  });

  it('reads every setting', () => {
    const config = loadConfig({
      SLUICE_HOST: '::1',
      DATABASE_URL: 'postgres://u:p@db:5432/sluice',
      SLUICE_SECRET_KEY: SECRET,
      SLUICE_ALLOW_PRIVATE_NETWORKS: '10.0.0.0/8, 127.0.0.1/32:8401',
      SLUICE_TEST_SWITCHES: 'no-fence,hold-answers',
    });
    expect(config).toMatchObject({ ok: true, value: { host: '::1', secretKey: Buffer.from(SECRET, 'hex') } });
    if (!config.ok) return;
    expect(config.value.allowPrivateNetworks.map(({ port }) => port)).toEqual([undefined, 8401]);
    expect([...config.value.testSwitches]).toEqual(['no-fence', 'hold-answers']);
  });

  it.each([
    [{ SLUICE_PROT: '1' }, 'There is no setting SLUICE_PROT: did you mean SLUICE_PORT?'],
    [{ SLUICE_COLOUR: 'red' }, 'There is no setting SLUICE_COLOUR: docs/reference/settings.md lists them all'],
    [{ SLUICE_PORT: '0' }, 'SLUICE_PORT must be a port from 1 to 65535, not "0".'],
    [{ SLUICE_PORT: '84OO' }, 'SLUICE_PORT must be a port from 1 to 65535, not "84OO".'],
    [{ SLUICE_WORKERS: '1e1' }, 'SLUICE_WORKERS must be a whole number from 1 to 16, not "1e1".'],
    [{ SLUICE_HOST: 'a b' }, 'SLUICE_HOST must be an IP address or a host name of this machine, not "a b".'],
    [{ SLUICE_LOG_LEVEL: 'constructor' }, /SLUICE_LOG_LEVEL must be one of fatal, .*, not "constructor"/],
    [{ SLUICE_ALLOW_PRIVATE_NETWORKS: '10.0.0.0/33' }, /SLUICE_ALLOW_PRIVATE_NETWORKS must be .*, not "10.0.0.0\/33"/],
    [{ SLUICE_PLAN_CACHE_MODE: 'generic' }, /SLUICE_PLAN_CACHE_MODE must be one of .*, not "generic"/],
    [
      { SLUICE_READ_DATABASE_URL: 'postgres://standby/sluice' },
      /^DATABASE_URL must be set with SLUICE_READ_DATABASE_URL/,
    ],
    [{ SLUICE_TEST_SWITCHES: 'no-net' }, /SLUICE_TEST_SWITCHES must be .*, not "no-net"/],
    [{ SLUICE_SETTLE_WAIT_SECONDS: '-1' }, /SLUICE_SETTLE_WAIT_SECONDS must be .*, not "-1"/],
  ])('refuses %j with a sentence that names it', (env: Record<string, string>, sentence) => {
    expect(refusals(env)).toEqual([typeof sentence === 'string' ? sentence : expect.stringMatching(sentence)]);
  });

  it('never repeats a secret in a refusal', () => {
    const env = {
      SLUICE_SECRET_KEY: 'hunter2',
      SLUICE_ADMIN_API_KEY: 'hunter2',
      DATABASE_URL: 'mysql://hunter2',
      SLUICE_READ_DATABASE_URL: 'mysql://hunter2',
    };
    expect(refusals(env)).toHaveLength(4);
    expect(refusals(env).join()).not.toContain('hunter2');
  });

  it('takes the collector of traces from the variable of OpenTelemetry, unless ours is set', () => {
    const endpointOf = (env: Record<string, string>) => {
      const config = loadConfig(env);
      return config.ok ? config.value.otlpEndpoint : undefined;
    };
    const standard = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };
    expect(endpointOf({})).toBeNull();
    expect(endpointOf(standard)).toBe('http://collector:4318/');
    expect(endpointOf({ ...standard, SLUICE_OTLP_ENDPOINT: 'https://own/otlp' })).toBe('https://own/otlp');
    expect(refusals({ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://u:hunter2@collector' })).toEqual([
      expect.stringMatching(/^OTEL_EXPORTER_OTLP_ENDPOINT must be (?!.*hunter2)/),
    ]);
  });

  it('wants the secret key with a database of one’s own', () => {
    expect(refusals({ DATABASE_URL: 'postgres://db/sluice' })).toEqual([
      expect.stringMatching(/^SLUICE_SECRET_KEY must be set with DATABASE_URL/),
    ]);
  });

  it('reports all faults at once', () => {
    expect(refusals({ SLUICE_PORT: 'x', SLUICE_WORKERS: 'x', SLUICE_X: 'x' })).toHaveLength(3);
  });

  it('names no setting twice', () => {
    const names = Object.values(SETTINGS).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});
