import { useEffect, useRef, useState } from 'react';
import type { Parsed } from './parse-amount.ts';

/** A pause in typing after which what was typed is in the document. */
const PAUSE_MS = 300;

export interface Typed {
  text: string;
  /** Why what was typed is not in the document; null: it is. */
  fault: string | null;
  type(text: string): void;
  /** Takes what was typed at once: the field is left, or Enter was pressed. */
  commit(): void;
}

/**
 * What is typed into a field of a part. It goes into the document after a pause, when the field is left, and when the
 * part is closed, but only once it can be read; until then the field keeps it and says what is wrong. A value that
 * changes from elsewhere, as by undo, replaces what was typed.
 */
export function useTyped<Value>(given: {
  value: Value;
  show(value: Value): string;
  parse(text: string): Parsed<Value>;
  change(value: Value): void;
}): Typed {
  const { value, show, parse } = given;
  const shown = show(value);
  const [typed, setTyped] = useState<string | null>(null);
  const [isTyping, setTyping] = useState(false);
  const latest = useRef({ ...given, typed });
  latest.current = { ...given, typed };
  const seen = useRef(shown);

  const put = useRef(() => {
    const { typed, parse, show, value, change } = latest.current;
    if (typed === null) return true;
    const parsed = parse(typed);
    if (parsed.ok && show(parsed.value) !== show(value)) change(parsed.value);
    return parsed.ok;
  }).current;

  useEffect(() => {
    if (typed === null) return;
    const timer = setTimeout(() => {
      put();
      setTyping(false);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, put]);

  useEffect(() => () => void put(), [put]);

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
    type: (text) => {
      setTyped(text);
      setTyping(true);
    },
    commit: () => {
      setTyping(false);
      if (put()) setTyped(null);
    },
  };
}
