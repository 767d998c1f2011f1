import { randomUUID } from 'node:crypto';
import { parse } from 'node:querystring';
import fastify from 'fastify';
import pg from 'pg';
import { Pool } from 'undici';
import { findRejection, normaliseLead } from './by-hand-rules.ts';

/**
 * The flow as a good engineer writes it by hand in an afternoon: fastify, pg and undici, one process. A rejected lead is
 * one transaction, a delivered one two: it is stored before it is sent and again with the recipient's answer. Settings:
 * PORT, RECIPIENT_URL and those of libpq. What is not here: nothing continues a lead whose process was killed.
 */
const DATABASE_CONNECTIONS = 20;
const RECIPIENT_CONNECTIONS = 64;
const RECIPIENT_MS_MAX = 30_000;
const PRICE = 5;
/** The daily cap of each flow; `probe` has a small one to be tried. */
const CAPS: Readonly<Record<string, number>> = { solar: 1_000_000_000, probe: 3 };

const database = new pg.Pool({ max: DATABASE_CONNECTIONS });
const recipientUrl = new URL(process.env['RECIPIENT_URL'] ?? '');
const recipient = new Pool(recipientUrl.origin, {
  connections: RECIPIENT_CONNECTIONS,
  headersTimeout: RECIPIENT_MS_MAX,
  bodyTimeout: RECIPIENT_MS_MAX,
});
const app = fastify();
app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_req, body, done) =>
  done(null, { ...parse(String(body)) }),
);

app.post<{ Params: { flow: string }; Body: Record<string, unknown> }>('/flows/:flow/leads', async (req, reply) => {
  const { flow } = req.params;
  const cap = CAPS[flow];
  if (cap === undefined) return reply.code(404).send({ error: 'There is no such flow.' });
  const id = randomUUID();
  const lead = normaliseLead(req.body);
  const key = [id, flow, lead['email']];
  const document = JSON.stringify(lead);
  reply.code(201);
  let reason = findRejection(lead);
  if (reason !== null) {
    await database.query({ ...REJECT_LEAD, values: [...key, document, reason] });
    return { outcome: 'failure', reason, lead: { id }, price: 0 };
  }
  const { rows } = await database.query<{ reason: string | null }>({ ...BEGIN_LEAD, values: [...key, document, cap] });
  reason = rows[0]?.reason ?? null;
  if (reason !== null) return { outcome: 'failure', reason, lead: { id }, price: 0 };
  const answer = await deliver(id, lead);
  const price = answer.outcome === 'success' ? PRICE : 0;
  await database.query({ ...END_LEAD, values: [...key, answer.outcome, price, JSON.stringify(answer)] });
  return { outcome: answer.outcome, lead: { id }, price };
});

const REJECT_LEAD = { name: 'reject_lead', text: 'select reject_lead($1, $2, $3, $4, $5)' };
const BEGIN_LEAD = { name: 'begin_lead', text: 'select begin_lead($1, $2, $3, $4, $5) as reason' };
const END_LEAD = { name: 'end_lead', text: 'select end_lead($1, $2, $3, $4, $5, $6)' };

/** Posts the lead; what goes wrong is the outcome `error`, also when the recipient has the lead and its answer is late. */
async function deliver(id: string, lead: Record<string, string>): Promise<{ outcome: string }> {
  const { first_name, last_name, email, phone_1: phone, state } = lead;
  try {
    const { statusCode, body } = await recipient.request({
      method: 'POST',
      path: recipientUrl.pathname,
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ lead_id: id, first_name, last_name, email, phone, state }),
    });
    const answer = (await body.json()) as { outcome?: string }; // what the recipient of the benchmark answers
    return { outcome: statusCode === 200 && answer.outcome === 'success' ? 'success' : 'failure' };
  } catch {
    return { outcome: 'error' };
  }
}

await app.listen({ port: Number(process.env['PORT']), host: '127.0.0.1' });
