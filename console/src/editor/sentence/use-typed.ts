import { useEffect, useRef, useState } from 'react';
import type { Parsed } from './parse-amount.ts';

/** A pause in typing after which a person is told what is wrong with it. */
const PAUSE_MS = 500;

export interface Typed {
  text: string;
  /** Why what was typed is not in the document; null: it is, or it is being typed. */
  fault: string | null;
  /** Is there a text that is not in the document? The undo of the browser is for it. */
  isHeld: boolean;
  type(text: string): void;
  /** The field is left, or Enter was pressed. */
  leave(): void;
}

interface TypedOptions<Value> {
  value: Value;
  show(value: Value): string;
  parse(text: string): Parsed<Value>;
  change(value: Value): void;
  /** It goes into the document after a pause, because what is half typed may say something else. */
  waits?: boolean | undefined;
}

/**
 * What is typed into a field of a part. It goes into the document as soon as it can be read; until then the field keeps
 * it and says what is wrong. A value that changes from elsewhere, as by undo, replaces what was typed.
 */
export function useTyped<Value>(given: TypedOptions<Value>): Typed {
  const { value, show, parse, waits = false } = given;
  const shown = show(value);
  const [typed, setTyped] = useState<string | null>(null);
  const [isTyping, setTyping] = useState(false);
  const latest = useRef({ ...given, typed });
  latest.current = { ...given, typed };
  const seen = useRef(shown);

  useEffect(() => {
    if (typed === null) return;
    const timer = setTimeout(() => {
      put(typed, latest.current);
      setTyping(false);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);

  // What is typed is not lost when the part is closed within the pause.
  useEffect(() => () => void (latest.current.typed !== null && put(latest.current.typed, latest.current)), []);

  useEffect(() => {
    if (seen.current === shown) return;
    seen.current = shown;
    const { typed, parse, show } = latest.current;
    const parsed = typed === null ? null : parse(typed);
    if (parsed !== null && !(parsed.ok && show(parsed.value) === shown)) setTyped(null);
  }, [shown]);

  const parsed = typed === null ? null : parse(typed);
  return {
    text: typed ?? shown,
    fault: parsed === null || parsed.ok || isTyping ? null : parsed.fault,
    isHeld: parsed !== null && !(parsed.ok && show(parsed.value) === shown),
    type: (text) => {
      setTyped(text);
      setTyping(true);
      if (!waits) put(text, latest.current);
    },
    leave: () => {
      setTyping(false);
      if (typed !== null && put(typed, latest.current)) setTyped(null);
    },
  };
}

/** Returns whether the text could be read. */
function put<Value>(text: string, { parse, show, value, change }: TypedOptions<Value>): boolean {
  const parsed = parse(text);
  if (parsed.ok && show(parsed.value) !== show(value)) change(parsed.value);
  return parsed.ok;
}
