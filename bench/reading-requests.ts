/** What people and programs read, as requests of a seeded installation (`npm run seed`). */
export interface ReadingRequest {
  /** What it is measured and reported with. */
  group: ReadingGroup;
  name: string;
  method: 'GET' | 'POST';
  path: string;
  body?: unknown;
}

/** What a group of requests promises: p95 at ten million events, and at most so many times the time of a lead’s page. */
export const READING_GROUPS = {
  'a lead’s page': { route: '/leads/:id', p95MsMax: 15, timesMax: 1 },
  'pages of events': { route: '/events', p95MsMax: 50, timesMax: 30 },
  'pages of leads': { route: '/leads', p95MsMax: 50, timesMax: 30 },
  'rules on events': { route: '/events', p95MsMax: 500, timesMax: 150 },
  search: { route: '/search/leads', p95MsMax: 100, timesMax: 40 },
  statistics: { route: '/events/stats', p95MsMax: 150, timesMax: 60 },
} as const;
export type ReadingGroup = keyof typeof READING_GROUPS;

/** What requests name, read from the database that is measured. */
export interface Samples {
  leadIds: readonly string[];
  /** Of the middle of all days. */
  middleEventId: string;
  middleLeadId: string;
  /** A flow and a source with many leads, and ones that went quiet or are small. */
  flowId: string;
  quietSourceId: string;
  sourceId: string;
  recipientId: string;
  rareRecipientId: string;
  person: { firstName: string; lastName: string; email: string; phone: string; city: string };
  /** ISO 8601: thirty days ago. */
  monthStart: string;
}

/** An id of the right form that nothing has. */
const NOTHING = '5eed00090000000000000000';

export function listRequests(samples: Samples): ReadingRequest[] {
  return [
    ...samples.leadIds.map((id) => get('a lead’s page', 'by its id', `/leads/${id}`)),
    ...listEventPages(samples),
    ...listLeadPages(samples),
    ...listRules(samples),
    ...listSearches(samples),
    ...listStatistics(samples),
  ];
}

function get(group: ReadingGroup, name: string, path: string): ReadingRequest {
  return { group, name, method: 'GET', path };
}

/** Values of one filter: what matches much, what is rare, and what matches nothing. */
type Filter = readonly [name: string, values: Readonly<Record<string, string>>];

function listEventPages(samples: Samples): ReadingRequest[] {
  const filters: Filter[] = [
    ['type', { much: 'recipient', rare: 'feedback-sent' }],
    ['outcome', { much: 'success', rare: 'error' }],
    ['flow_id', { much: samples.flowId, nothing: NOTHING }],
    ['source_id', { much: samples.sourceId, rare: samples.quietSourceId, nothing: NOTHING }],
    ['recipient_id', { much: samples.recipientId, rare: samples.rareRecipientId, nothing: NOTHING }],
    ['start', { much: samples.monthStart }],
    ['before_id', { deep: samples.middleEventId }],
  ];
  return listPages({ group: 'pages of events', path: '/events', filters });
}

function listLeadPages(samples: Samples): ReadingRequest[] {
  const filters: Filter[] = [
    ['outcome', { much: 'success', nothing: 'error' }],
    ['reason', { much: 'Not sold', nothing: 'Nothing has this reason' }],
    ['flow_id', { much: samples.flowId, nothing: NOTHING }],
    ['source_id', { much: samples.sourceId, rare: samples.quietSourceId, nothing: NOTHING }],
    ['start', { much: samples.monthStart }],
    ['before_id', { deep: samples.middleLeadId }],
    ['resubmitted', { nothing: 'true' }],
  ];
  return listPages({ group: 'pages of leads', path: '/leads', filters });
}

/** Without a filter, with each, and with each pair. */
function listPages(given: { group: ReadingGroup; path: string; filters: readonly Filter[] }): ReadingRequest[] {
  const { group, path, filters } = given;
  const single = filters.flatMap(([name, values]) =>
    Object.entries(values).map(([kind, value]) => ({ name, label: `${name} (${kind})`, value })),
  );
  const pairs = single.flatMap((one, place) =>
    single.slice(place + 1).flatMap((other) => (other.name === one.name ? [] : [[one, other]])),
  );
  const page = (parts: readonly { name: string; label: string; value: string }[]) =>
    get(
      group,
      parts.length === 0 ? 'all' : parts.map(({ label }) => label).join(' and '),
      `${path}?${new URLSearchParams(parts.map(({ name, value }): [string, string] => [name, value]))}`,
    );
  return [page([]), ...single.map((part) => page([part])), ...pairs.map(page)];
}

function listRules({ sourceId, person }: Samples): ReadingRequest[] {
  const rules: Readonly<Record<string, readonly object[]>> = {
    'an outcome': [{ lhv: 'outcome', op: 'is equal to', rhv: 'failure' }],
    'a type and a rare outcome': [
      { lhv: 'type', op: 'is equal to', rhv: 'recipient' },
      { lhv: 'outcome', op: 'is equal to', rhv: 'error' },
    ],
    'a state': [{ lhv: 'vars.lead.state', op: 'is equal to', rhv: 'TX' }],
    'a source and a last name': [
      { lhv: 'vars.source.id', op: 'is equal to', rhv: sourceId },
      { lhv: 'vars.lead.last_name', op: 'is equal to', rhv: person.lastName },
    ],
    'a value that nothing has': [{ lhv: 'vars.lead.city', op: 'is equal to', rhv: 'Nowhere' }],
  };
  return Object.entries(rules).map(([name, list]) => ({
    ...{ group: 'rules on events' as const, name, method: 'POST' as const, path: '/events' },
    body: { rules: list, limit: 100 },
  }));
}

function listSearches({ person, leadIds }: Samples): ReadingRequest[] {
  const { firstName, lastName, email, phone, city } = person;
  const questions = {
    'a last name': lastName,
    'a first name': firstName,
    'both names': `${firstName} ${lastName}`,
    'a name and a city': `${lastName} ${city}`,
    'one letter': firstName.slice(0, 1),
    'two letters': lastName.slice(0, 2),
    'an e-mail address': email,
    'a phone number': phone,
    'the id of a lead': leadIds[0] ?? '',
    'a common state': 'TX',
    nothing: 'Xylophonist',
  };
  return Object.entries(questions).map(([name, query]) =>
    get('search', name, `/search/leads?${new URLSearchParams({ query })}`),
  );
}

function listStatistics({ flowId }: Samples): ReadingRequest[] {
  const rule = JSON.stringify({ lhv: 'vars.flow.id', op: 'is equal to', rhv: flowId });
  const asked: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    'by source': { group_by: 'vars.source.id' },
    'by flow': { group_by: 'vars.flow.id' },
    'by recipient': { type: 'recipient', group_by: 'vars.recipient.id' },
    'by day': { interval: 'daily' },
    'by day and source': { interval: 'daily', group_by: 'vars.source.id' },
    'of one flow by day': { interval: 'daily', rule },
  };
  const byDayAndRecipient = { type: 'recipient', interval: 'daily', group_by: 'vars.recipient.id' };
  const statistics = Object.entries(asked).map(([name, query]) => statistic(`30 days ${name}`, '/events/stats', query));
  // Days of other zones are cut out of hours and quarters: of five, eight, and five and a half hours.
  const ofZones = ZONES.flatMap((timezone) => [
    statistic(`30 days by day, ${timezone}`, '/events/stats', { interval: 'daily', timezone }),
    statistic(`30 days by day and recipient, ${timezone}`, '/events/stats', { ...byDayAndRecipient, timezone }),
    statistic(`30 days of events by day, ${timezone}`, '/events/event-metrics/count', { interval: 'daily', timezone }),
  ]);
  return [...statistics, ...ofZones];
}

const ZONES = ['America/New_York', 'America/Los_Angeles', 'Asia/Kolkata'];

function statistic(name: string, path: string, query: Readonly<Record<string, string>>): ReadingRequest {
  const whole = { timeframe: 'previous_30_days', timezone: 'UTC', ...query };
  return get('statistics', name, `${path}?${new URLSearchParams(whole)}`);
}
