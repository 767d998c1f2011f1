import type { Rule } from '../model/rule-set.ts';

/** Longer right sides are cut: a list of ZIP codes is no sentence. */
const CHARACTERS_MAX = 40;

/** A rule as its author would say it: `lead.state is equal to "TX"`. */
export function describeRule({ lhv, op, rhv }: Rule): string {
  const right = rhv === undefined || rhv === null || rhv === '' ? '' : ` "${shortened(String(rhv))}"`;
  return `${shortened(lhv ?? '')} ${op ?? ''}${right}`;
}

/** Cut between characters, not inside one. */
export function shortened(text: string): string {
  const head = text.slice(0, CHARACTERS_MAX).replace(/[\ud800-\udbff]$/, '');
  return text.length > CHARACTERS_MAX ? `${head}…` : text;
}
