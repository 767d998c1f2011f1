/** Normalising and the five filters as one writes them for one flow: a few regular expressions. */
export type HandLead = Record<string, string>;

const STATES = ['TX', 'CA', 'NY'];

/** The values without blanks at their ends, with the e-mail, the phone and the state in one form. */
export function normaliseLead(body: Readonly<Record<string, unknown>>): HandLead {
  const lead: HandLead = {};
  for (const [name, value] of Object.entries(body)) lead[name] = String(value).trim();
  lead['email'] = (lead['email'] ?? '').toLowerCase();
  lead['phone_1'] = (lead['phone_1'] ?? '').replace(/\D/g, '').replace(/^1(\d{10})$/, '$1');
  lead['state'] = (lead['state'] ?? '').toUpperCase();
  return lead;
}

/** Why the rules reject the lead; null when they do not. */
export function findRejection(lead: HandLead): string | null {
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(lead['email'] ?? '')) return 'email';
  if (!/^[2-9]\d{9}$/.test(lead['phone_1'] ?? '')) return 'phone';
  if (!/^\d{5}(-\d{4})?$/.test(lead['postal_code'] ?? '')) return 'postal_code';
  if (!lead['trustedform_cert_url']) return 'certificate';
  if (!STATES.includes(lead['state'] ?? '')) return 'state';
  return null;
}
