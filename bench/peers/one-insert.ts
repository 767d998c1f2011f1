import { parse } from 'node:querystring';
import fastify from 'fastify';
import pg from 'pg';

/**
 * The limit: fastify and one INSERT of the parsed lead, durable before the answer. No rules, no checks, no delivery. A
 * server that commits each lead by itself cannot store one for less. Settings: PORT and those of libpq.
 */
const DATABASE_CONNECTIONS = 20;

const database = new pg.Pool({ max: DATABASE_CONNECTIONS });
const app = fastify();
app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_req, body, done) =>
  done(null, { ...parse(String(body)) }),
);
const INSERT_LEAD = { name: 'insert_lead', text: 'insert into bodies (body) values ($1) returning id' };

app.post('/leads', async (req, reply) => {
  const { rows } = await database.query<{ id: string }>({ ...INSERT_LEAD, values: [JSON.stringify(req.body)] });
  reply.code(201);
  return { outcome: 'success', lead: { id: rows[0]?.id } };
});

await app.listen({ port: Number(process.env['PORT']), host: '127.0.0.1' });
