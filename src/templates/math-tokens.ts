import { fail, ok, type Result } from '../lib/result.ts';

/** What an expression of `math` is made of. */
export type MathToken =
  | { kind: 'number'; value: number; at: number }
  | { kind: 'text'; value: string; at: number }
  | { kind: 'name'; value: string; at: number }
  | { kind: 'operator'; value: string; at: number };

export interface MathFault {
  message: string;
  /** The character it was found at, from 0. */
  at: number;
}

/** Longer expressions are refused. */
export const EXPRESSION_CHARACTERS_MAX = 1_000;

/** Each alternative begins differently and repeats one class: the time is linear. */
const TOKEN =
  /\s+|(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+)|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|([A-Za-z_$][\w$]*(?:\.[\w$]+|\[\d+\]|\["[^"]*"\]|\['[^']*'\]|\{[^{}]+\})*)|(\|\||==|!=|>=|<=|[-+*/%^!<>?:(),[\]])/y;

/** The tokens of an expression; names are whole variable paths (`lead.items[0].price`). */
export function readMathTokens(expression: string): Result<MathToken[], MathFault> {
  if (expression.length > EXPRESSION_CHARACTERS_MAX) {
    return fail({ message: `An expression has at most ${EXPRESSION_CHARACTERS_MAX} characters.`, at: 0 });
  }
  const tokens: MathToken[] = [];
  for (let at = 0; at < expression.length; ) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(expression);
    if (!match) return fail({ message: `"${expression[at]}" is not part of an expression.`, at });
    const token = readToken(match, at);
    if (token) tokens.push(token);
    at += match[0].length;
  }
  return ok(tokens);
}

function readToken(match: RegExpExecArray, at: number): MathToken | undefined {
  const [, number, text, name, operator] = match;
  if (number !== undefined) return { kind: 'number', value: Number(number), at };
  if (text !== undefined) return { kind: 'text', value: text.slice(1, -1).replace(/\\(.)/g, '$1'), at };
  if (name !== undefined) return { kind: WORDS.has(name) ? 'operator' : 'name', value: name, at };
  return operator === undefined ? undefined : { kind: 'operator', value: operator, at };
}

const WORDS: ReadonlySet<string> = new Set(['and', 'or', 'not']);
