import { isJavaScriptPattern } from '../lib/translate-pattern.ts';

/**
 * Why a regular expression matches no text whatever; undefined where that is not certain. It looks at the outermost
 * alternatives only: an anchor inside a group may be one of several ways through it.
 */
export function whyNeverMatches(source: string, flags: string): string | undefined {
  if (!isJavaScriptPattern(source, flags))
    return 'it is not a regular expression: a bracket, brace or sign is left over';
  if (flags.includes('m')) return undefined;
  const reasons = splitAlternatives(source).map(whyAlternativeNever);
  return reasons.every((reason) => reason !== undefined) ? reasons[0] : undefined;
}

/** One sign of an expression with its quantifier; a group with all that is in it is one. */
interface Sign {
  text: string;
  mayBeLeftOut: boolean;
}

/** An escape, a class, an opening or closing parenthesis, a quantifier, or any other character. */
const SIGN = /\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]|[()]|(?:[*+?]|\{\d+(?:,\d*)?\})\??|[\s\S]/g;
const QUANTIFIER = /^(?:[*+?]|\{\d+(?:,\d*)?\})\??$/;
const LEAVES_OUT = /^(?:[*?]|\{0+(?:,\d*)?\})/;

function splitAlternatives(source: string): Sign[][] {
  const alternatives: Sign[][] = [[]];
  let depth = 0;
  for (const [text] of source.matchAll(SIGN)) {
    const signs = alternatives.at(-1);
    if (text === ')') depth -= 1;
    if (depth === 0 && text === '|') alternatives.push([]);
    else if (depth === 0 && text !== ')' && signs) addSign(signs, text);
    if (text === '(') depth += 1;
  }
  return alternatives;
}

function addSign(signs: Sign[], text: string): void {
  const last = signs.at(-1);
  if (last && QUANTIFIER.test(text)) last.mayBeLeftOut = LEAVES_OUT.test(text);
  else signs.push({ text, mayBeLeftOut: false });
}

function whyAlternativeNever(signs: readonly Sign[]): string | undefined {
  const needed = signs.filter(({ mayBeLeftOut }) => !mayBeLeftOut);
  if (needed.some(({ text }) => text === '[]')) return '[] is a class of no characters';
  const firstTaken = needed.findIndex(takesCharacter);
  const lastTaken = needed.findLastIndex(takesCharacter);
  if (firstTaken !== -1 && needed.slice(firstTaken).some(({ text }) => text === '^')) {
    return '^ is the start of the text and something is asked for before it; for the sign itself write \\^';
  }
  const end = needed.findIndex(({ text }) => text === '$');
  return end !== -1 && end < lastTaken
    ? '$ is the end of the text and something is asked for behind it; for the sign itself write \\$'
    : undefined;
}

/** Anchors, borders of words and groups may take none. */
function takesCharacter({ text }: Sign): boolean {
  return !['^', '$', '\\b', '\\B', '('].includes(text);
}
