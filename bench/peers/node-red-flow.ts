/**
 * The flow in Node-RED: http in → function → http request → function → http response. The state of the duplicate check
 * and the cap is in the flow's context (in memory, Node-RED's default), or in PostgreSQL by the functions of by-hand.sql
 * through a pool that the settings give to function nodes.
 */
export function buildNodeRedFlow(options: { recipientUrl: string; state: 'memory' | 'postgres' }): object[] {
  const { recipientUrl, state } = options;
  const take = state === 'memory' ? TAKE_IN_MEMORY : TAKE_IN_POSTGRES;
  const end = state === 'memory' ? END_IN_MEMORY : END_IN_POSTGRES;
  const deliver = DELIVER.replace('$RECIPIENT_URL', JSON.stringify(recipientUrl));
  const nodes = [
    { id: 'leads', type: 'http in', url: '/flows/:flow/leads', method: 'post', upload: false, wires: [['check']] },
    functionNode({ id: 'check', code: `${READ}${take(deliver)}`, wires: [['send'], ['answer']] }),
    {
      ...{ id: 'send', type: 'http request', method: 'POST', ret: 'obj', paytoqs: 'ignore', url: '', persist: true },
      ...{ senderr: false, headers: [], wires: [['end']] },
    },
    functionNode({ id: 'end', code: end, wires: [['answer']] }),
    functionNode({ id: 'answer', code: ANSWER, wires: [['response']] }),
    { id: 'response', type: 'http response', statusCode: '', headers: {}, wires: [] },
  ];
  // A node without a place in the editor would be taken for a configuration.
  const placed = nodes.map((node, index) => ({ ...node, z: 'tab', x: 100 + 160 * index, y: 80 }));
  return [{ id: 'tab', type: 'tab', label: 'Solar leads', disabled: false }, ...placed];
}

function functionNode({ id, code, wires }: { id: string; code: string; wires: string[][] }): { id: string } {
  const fixed = { timeout: 0, noerr: 0, initialize: '', finalize: '', libs: [] };
  return { ...fixed, id, type: 'function', name: id, func: code, outputs: wires.length, wires } as { id: string };
}

/** The rules of by-hand-rules.ts as one types them into a function node. */
const READ = `
const lead = {};
for (const name in msg.payload) lead[name] = String(msg.payload[name]).trim();
lead.email = (lead.email || '').toLowerCase();
lead.phone_1 = (lead.phone_1 || '').replace(/\\D/g, '').replace(/^1(\\d{10})$/, '$1');
lead.state = (lead.state || '').toUpperCase();
let reason = null;
if (!/^[^\\s@]+@[^\\s@]+\\.[^\\s@]+$/.test(lead.email)) reason = 'email';
else if (!/^[2-9]\\d{9}$/.test(lead.phone_1)) reason = 'phone';
else if (!/^\\d{5}(-\\d{4})?$/.test(lead.postal_code || '')) reason = 'postal_code';
else if (!lead.trustedform_cert_url) reason = 'certificate';
else if (!['TX', 'CA', 'NY'].includes(lead.state)) reason = 'state';
msg.lead = lead;
msg.flow = msg.req.params.flow;
const cap = msg.flow === 'probe' ? 3 : 1000000000;
`;

const DELIVER = `
msg.url = $RECIPIENT_URL;
msg.headers = { 'content-type': 'application/json' };
msg.payload = { lead_id: msg.id, first_name: lead.first_name, last_name: lead.last_name, email: lead.email,
  phone: lead.phone_1, state: lead.state };
`;

const TAKE_IN_MEMORY = (deliver: string) => `
msg.id = RED.util.generateId();
const persons = flow.get('persons') || new Map();
const caps = flow.get('caps') || new Map();
flow.set('persons', persons);
flow.set('caps', caps);
const person = msg.flow + ' ' + lead.email;
const day = msg.flow + ' ' + new Date().toISOString().slice(0, 10);
if (reason === null && Date.now() - (persons.get(person) || 0) < 30 * 86400000) reason = 'duplicate';
if (reason === null && (caps.get(day) || 0) >= cap) reason = 'cap';
if (reason !== null) {
  msg.outcome = 'failure';
  msg.reason = reason;
  return [null, msg];
}
persons.set(person, Date.now());
caps.set(day, (caps.get(day) || 0) + 1);
msg.held = { person, day };
${deliver}
return [msg, null];
`;

const END_IN_MEMORY = `
msg.outcome = msg.statusCode !== 200 ? 'error' : msg.payload.outcome === 'success' ? 'success' : 'failure';
if (msg.outcome !== 'success') {
  flow.get('persons').delete(msg.held.person);
  flow.get('caps').set(msg.held.day, flow.get('caps').get(msg.held.day) - 1);
}
return msg;
`;

const TAKE_IN_POSTGRES = (deliver: string) => `
const database = global.get('database');
msg.id = global.get('randomUUID')();
const key = [msg.id, msg.flow, lead.email];
const document = JSON.stringify(lead);
if (reason !== null) {
  await database.query({ name: 'reject_lead', text: 'select reject_lead($1, $2, $3, $4, $5)',
    values: [...key, document, reason] });
} else {
  const { rows } = await database.query({ name: 'begin_lead', text: 'select begin_lead($1, $2, $3, $4, $5) as reason',
    values: [...key, document, cap] });
  reason = rows[0].reason;
}
if (reason !== null) {
  msg.outcome = 'failure';
  msg.reason = reason;
  return [null, msg];
}
${deliver}
return [msg, null];
`;

const END_IN_POSTGRES = `
msg.outcome = msg.statusCode !== 200 ? 'error' : msg.payload.outcome === 'success' ? 'success' : 'failure';
await global.get('database').query({ name: 'end_lead', text: 'select end_lead($1, $2, $3, $4, $5, $6)',
  values: [msg.id, msg.flow, msg.lead.email, msg.outcome, msg.outcome === 'success' ? 5 : 0, JSON.stringify(msg.payload)] });
return msg;
`;

const ANSWER = `
msg.statusCode = 201;
msg.headers = { 'content-type': 'application/json' };
msg.payload = { outcome: msg.outcome, reason: msg.reason, lead: { id: msg.id }, price: msg.outcome === 'success' ? 5 : 0 };
return msg;
`;
