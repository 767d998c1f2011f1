import { ok, type Result } from './result.ts';

/**
 * Makes something of a text once, for as long as anything holds it: what a flow that runs has compiled is not compiled
 * again for its next revision, nor twice in one. Nothing is kept alive by this, so no bound is needed. What is made must
 * never change; what could not be made is tried again.
 */
export function shareWhileUsed<Made extends object, Fault>(
  make: (text: string) => Result<Made, Fault>,
): (text: string) => Result<Made, Fault> {
  const known = new Map<string, WeakRef<Made>>();
  const gone = new FinalizationRegistry<string>((text) => {
    // The same text may have been made anew since.
    if (known.get(text)?.deref() === undefined) known.delete(text);
  });
  return (text) => {
    const shared = known.get(text)?.deref();
    if (shared !== undefined) return ok(shared);
    const made = make(text);
    if (!made.ok) return made;
    known.set(text, new WeakRef(made.value));
    gone.register(made.value, text);
    return made;
  };
}
