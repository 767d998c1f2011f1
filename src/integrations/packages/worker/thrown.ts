/** It becomes the reason of an event. */
const MESSAGE_MAX = 500;

/** What was thrown, in words: the message of an error, or the text that was thrown instead of one. */
export function textOfThrown(thrown: unknown): string {
  try {
    const message = typeof thrown === 'object' && thrown !== null && 'message' in thrown ? thrown.message : thrown;
    return String(message).slice(0, MESSAGE_MAX) || 'the module failed';
  } catch {
    // Even the text of what was thrown may throw.
    return 'the module failed';
  }
}
