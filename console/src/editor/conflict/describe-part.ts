import { describePlace } from '../../../../src/changes/describe-change.ts';
import { describeChanges } from '../../../../src/changes/describe-changes.ts';
import {
  buildMerged,
  type Choices,
  listMergeParts,
  type MergePart,
  type Side,
  type States,
} from './merge-documents.ts';

/** A part in words: where it is, and what each side did to it. */
export interface PartInWords {
  /** `Source "Acme" › caps`, `Order of steps`. */
  title: string;
  mine: string[];
  theirs: string[];
}

/** Sentences of one side of one part. */
const SENTENCES_MAX = 6;

/** What each side did to a part, as against what both began with; empty lists: nothing that words show. */
export function describePart(part: MergePart, states: States): PartInWords {
  const everything = allOf(listMergeParts(states), 'base');
  const before = buildMerged(states, everything);
  const tell = (side: Side) =>
    shorten(describeChanges(before, buildMerged(states, { ...everything, [part.key]: side })).sentences);
  return { title: titleOf(part, states), mine: tell('mine'), theirs: tell('theirs') };
}

/** The same side for every part. */
export function allOf(parts: readonly MergePart[], side: Side): Choices {
  return Object.fromEntries(parts.map(({ key }) => [key, side]));
}

function shorten(sentences: readonly string[]): string[] {
  const more = sentences.length - SENTENCES_MAX;
  return more > 0 ? [...sentences.slice(0, SENTENCES_MAX), `And ${more} more changes`] : [...sentences];
}

function titleOf({ kind, path }: MergePart, { base, mine, theirs }: States): string {
  const [top, field] = path;
  if (top === 'fields' && field !== undefined) return `Field ${field}`;
  for (const document of [theirs, mine, base]) {
    const place = findPlaces(path, document);
    if (!place) continue;
    const words = describePlace(place, document) || 'The flow';
    return kind === 'order' ? `Order of ${words.charAt(0).toLowerCase()}${words.slice(1)}` : words;
  }
  return path.join(' › ');
}

/** Ids of members as their places in this document; undefined: one of them is not there. */
function findPlaces(path: readonly string[], document: unknown): (string | number)[] | undefined {
  const places: (string | number)[] = [];
  let value: unknown = document;
  for (const name of path) {
    if (Array.isArray(value)) {
      const index = value.findIndex((member) => isObject(member) && member['id'] === name);
      if (index < 0) return undefined;
      places.push(index);
      value = value[index];
      continue;
    }
    places.push(name);
    value = isObject(value) ? value[name] : undefined;
  }
  return places;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
