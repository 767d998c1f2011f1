/** Most values of one query. */
const VALUES_MAX = 500;

interface Waiting<Value, Answer> {
  value: Value;
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

/**
 * One query at a time for what many ask at once: values that arrive while it runs share the next one. However many
 * strangers try keys, they keep one connection busy and not the pool, which the lease and the configuration need too.
 * What waits is bounded by the requests that wait for it. `query` answers each value in its place.
 */
export function shareQueries<Value, Answer>(
  query: (values: readonly Value[]) => Promise<readonly Answer[]>,
): (value: Value) => Promise<Answer> {
  let waiting: Waiting<Value, Answer>[] = [];
  let isRunning = false;

  async function run(): Promise<void> {
    isRunning = true;
    while (waiting.length > 0) {
      const group = waiting.slice(0, VALUES_MAX);
      waiting = waiting.slice(VALUES_MAX);
      await answerGroup(query, group);
    }
    isRunning = false;
  }

  return (value) =>
    new Promise((resolve, reject) => {
      waiting.push({ value, resolve, reject });
      if (!isRunning) void run();
    });
}

async function answerGroup<Value, Answer>(
  query: (values: readonly Value[]) => Promise<readonly Answer[]>,
  group: readonly Waiting<Value, Answer>[],
): Promise<void> {
  try {
    const answers = await query(group.map(({ value }) => value));
    // `query` answers each value, so there is an answer in each place.
    group.forEach(({ resolve }, index) => {
      resolve(answers[index] as Answer);
    });
  } catch (error) {
    for (const { reject } of group) reject(error);
  }
}
