/**
 * Remembers what a function answered for a text. The platform's zones, locales and number formats take 50 to 100 µs
 * to look up or make, and an account uses a handful of them.
 */
export function remember<T>(answer: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const remembered = known.get(text);
    if (remembered !== undefined) return remembered;
    const fresh = answer(text);
    // A lead may name a zone or locale, so the texts are not ours alone.
    if (known.size >= REMEMBERED_MAX) known.clear();
    known.set(text, fresh);
    return fresh;
  };
}

const REMEMBERED_MAX = 500;
