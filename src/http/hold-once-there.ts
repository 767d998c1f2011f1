/**
 * Reads at the first request and holds what was read: a server that is never asked reads nothing. What is not there yet
 * (null), or could not be read, is looked for again.
 */
export function holdOnceThere<T>(read: () => Promise<T | null>): () => Promise<T | null> {
  let reading: Promise<T | null> | null = null;
  return async () => {
    reading ??= read();
    try {
      const found = await reading;
      if (found === null) reading = null;
      return found;
    } catch (error) {
      reading = null;
      throw error;
    }
  };
}
