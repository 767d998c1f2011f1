import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { createWelcome } from '../access/users/welcome.ts';
import { ensureDemoFlow } from '../demo/ensure-demo-flow.ts';
import { systemClock } from '../lib/clock.ts';
import { createIds } from '../lib/ids.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import { finish } from '../lib/slices.ts';
import type { DatabaseConnection } from '../store/database-connection.ts';
import { createAccountStore } from '../store/postgres/accounts.ts';
import { createApiKeyStore } from '../store/postgres/api-keys.ts';
import { createFlowStore } from '../store/postgres/flows.ts';
import { isSecretKeyRight } from '../store/postgres/installation.ts';
import { createRevisionDocuments } from '../store/postgres/revision-documents.ts';
import { withStartLock } from '../store/postgres/start-lock.ts';
import { createWelcomeStore } from '../store/postgres/welcome-links.ts';
import { createSecretBox } from '../store/secret-box.ts';
import { ensureFirstStart, type FirstStart } from './first-start.ts';

interface Preparation {
  connection: DatabaseConnection;
  adminApiKey: string | null;
  /** What stored credentials are encrypted with. */
  secretKey: Buffer;
  /** What they were encrypted with before. */
  secretKeyPrevious?: Buffer | null;
  /** Where it comes from: the name of the setting or of the file. */
  secretKeyFrom: string;
  /** null: without the demo. */
  demoRecipientUrl: string | null;
}

export interface PreparedStart extends FirstStart {
  /** Of a link that signs the first administrator in; null: somebody has signed in. */
  welcomeToken: string | null;
}

/** Fills an empty database, once even when several processes start on it together. */
export async function prepareFirstStart(preparation: Preparation): Promise<Result<PreparedStart, string>> {
  return withStartLock(preparation.connection, async () => {
    const pool = new pg.Pool({ ...preparation.connection, max: 1 });
    try {
      if (
        !(await isSecretKeyRight(
          pool,
          createSecretBox(preparation.secretKey, randomBytes, preparation.secretKeyPrevious),
        ))
      ) {
        return fail(wrongSecretKey(preparation.secretKeyFrom));
      }
      return ok(await fill(pool, preparation));
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      return fail('SLUICE_ADMIN_API_KEY is a key that was revoked or rotated, or has expired: set another one.');
    } finally {
      await pool.end();
    }
  });
}

async function fill(pool: pg.Pool, { adminApiKey, demoRecipientUrl }: Preparation): Promise<PreparedStart> {
  const ids = createIds({ now: () => Date.now(), random: Math.random });
  const making = { ids, clock: systemClock, randomBytes };
  const accounts = createAccountStore(pool);
  const apiKeys = createApiKeyStore(pool);
  const first = await ensureFirstStart({ ...making, accounts, apiKeys }, adminApiKey);
  if (demoRecipientUrl !== null) {
    const documents = createRevisionDocuments(async (work) => finish(work));
    const flows = createFlowStore({ pool, documents });
    await ensureDemoFlow({ ...making, flows }, { account: first.account, recipientUrl: demoRecipientUrl });
  }
  const welcome = createWelcomeStore(pool);
  return { ...first, welcomeToken: await createWelcome({ ...making, welcome }, first.account.id) };
}

function wrongSecretKey(from: string): string {
  return `${from} does not decrypt the credentials in this database: restore the earlier key (SLUICE_SECRET_KEY, or the file secret-key in the data directory of the server that used this database). Without it the credentials cannot be read.`;
}

/** The only thing that can be there twice is the text of a key that has ended: one in force would have been found. */
function isUniqueViolation(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === '23505';
}
