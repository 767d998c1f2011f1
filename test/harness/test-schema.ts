import { DEFAULT_SCHEMA, nameQueueSchema } from '../../src/store/postgres/schemas.ts';

/**
 * The schema of the installation under test; `SLUICE_TEST_SCHEMA=east npx vitest run src/store` runs the store's tests in
 * one that is not the default, beside an installation in the default one.
 */
export const TEST_SCHEMA = process.env['SLUICE_TEST_SCHEMA'] ?? DEFAULT_SCHEMA;

/** Of its job queue. */
export const TEST_QUEUE_SCHEMA = nameQueueSchema(TEST_SCHEMA);
