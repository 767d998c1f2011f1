/**
 * A row that the server has stored, as JSON text, with places for what differs between leads. What a person sent, ids and
 * times are found by their values, which occur nowhere else: the rest of the text stays as the product wrote it.
 */

/** What is put into a place. */
export type Slot =
  | { kind: 'person'; value: string }
  /** One of the template's ids, by its place among them. */
  | { kind: 'id'; place: number }
  /** After the lead came in, ms; late: after its sender had the answer. */
  | { kind: 'time'; format: TimeFormat; offsetMs: number; isLate: boolean };

export type TimeFormat = 'iso' | 'milliseconds' | 'http';

export type Template = readonly (string | Slot)[];

/** What a template is made of, and how its places are found. */
export interface Marks {
  /** By what replaces it, the text that stands for it. */
  person: Readonly<Record<string, string>>;
  /** In the order of their places. */
  ids: readonly string[];
  /** Texts that are replaced by one text for all leads: ids of lists. */
  fixed: Readonly<Record<string, string>>;
  /** When the lead came in and when its sender had the answer, epoch ms. */
  startedAt: number;
  answeredAt: number;
}

/** Instants so far from the lead are none of its own. */
const NEAR_MS = 600_000;

const TIMES: readonly { format: TimeFormat; pattern: string; parse(text: string): number }[] = [
  { format: 'iso', pattern: String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)`, parse: Date.parse },
  {
    format: 'http',
    pattern: String.raw`[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT`,
    parse: Date.parse,
  },
  { format: 'milliseconds', pattern: String.raw`\b[12]\d{12}\b`, parse: Number },
];

export function compileTemplate(text: string, marks: Marks): Template {
  const { person, ids, fixed } = marks;
  const slots = new Map<string, string | Slot>([
    ...Object.entries(person).map(([value, mark]): [string, Slot] => [mark, { kind: 'person', value }]),
    ...ids.map((id, place): [string, Slot] => [id, { kind: 'id', place }]),
    ...Object.entries(fixed),
  ]);
  const known = [...slots.keys()].toSorted((one, other) => other.length - one.length).map(escapeText);
  const pattern = new RegExp([...known, ...TIMES.map((each) => each.pattern)].join('|'), 'g');
  const pieces: (string | Slot)[] = [];
  const add = (piece: string | Slot) => {
    const last = pieces.at(-1);
    if (typeof piece === 'string' && typeof last === 'string') pieces[pieces.length - 1] = last + piece;
    else if (piece !== '') pieces.push(piece);
  };
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    add(text.slice(from, match.index));
    add(slots.get(match[0]) ?? timeOf(match[0], marks));
    from = match.index + match[0].length;
  }
  add(text.slice(from));
  return pieces;
}

function escapeText(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

/** A time of the lead as a place; any other stays a text. */
function timeOf(text: string, { startedAt, answeredAt }: Marks): string | Slot {
  const time = TIMES.find(({ pattern }) => new RegExp(`^${pattern}$`).test(text));
  const instant = time?.parse(text) ?? Number.NaN;
  if (time === undefined || !(Math.abs(instant - startedAt) < NEAR_MS)) return text;
  return { kind: 'time', format: time.format, offsetMs: instant - startedAt, isLate: instant > answeredAt };
}

/** One lead that a template becomes. */
export interface Filling {
  person: Readonly<Record<string, string>>;
  ids: readonly string[];
  /** When it came in, epoch ms. */
  startedAt: number;
  /** How much later than in the template what is late happened, ms. */
  lateByMs: number;
}

export function fillTemplate(template: Template, filling: Filling): string {
  let text = '';
  for (const piece of template) text += typeof piece === 'string' ? piece : fillSlot(piece, filling);
  return text;
}

function fillSlot(slot: Slot, { person, ids, startedAt, lateByMs }: Filling): string {
  switch (slot.kind) {
    case 'person':
      return person[slot.value] ?? '';
    case 'id':
      return ids[slot.place] ?? '';
    case 'time':
      return writeTime(slot.format, startedAt + slot.offsetMs + (slot.isLate ? lateByMs : 0));
  }
}

function writeTime(format: TimeFormat, instant: number): string {
  if (format === 'milliseconds') return String(instant);
  return format === 'iso' ? new Date(instant).toISOString() : new Date(instant).toUTCString();
}
