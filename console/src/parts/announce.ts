type Listener = (sentence: string) => void;

let listener: Listener | undefined;

/** Has screen readers say it once they are done: "Copied", "Signed out". The shell shows `Announcer`. */
export function announce(sentence: string): void {
  listener?.(sentence);
}

/** Returns how to stop. */
export function listenToAnnouncements(given: Listener): () => void {
  listener = given;
  return () => {
    if (listener === given) listener = undefined;
  };
}
