import { personValues } from '../person-request.ts';

/** What a peer must do with a few leads before it is measured: a fast server with wrong answers compares with nothing. */
export interface ProbeOptions {
  /** The submit URLs of the flow that is measured and of one with a cap of `PROBE_CAP`. */
  url: string;
  cappedUrl: string;
  /** The first of `PROBE_PERSONS` persons that came nowhere yet. */
  firstPerson: number;
  /** How often each person of a range came to the recipient. */
  countPersons(range: { first: number; count: number }): Promise<{ never: number; once: number; again: number }>;
}

export const PROBE_CAP = 3;
export const PROBE_PERSONS = 16;
/** Submissions at the same time, of one person and then of as many. */
const AT_ONCE = 8;

/** A lead that each of the five filters rejects, by the reason it must be answered with. */
const REJECTED = {
  email: { email: 'nobody' },
  phone: { phone_1: '12' },
  postal_code: { postal_code: 'x' },
  certificate: { trustedform_cert_url: '' },
  state: { state: 'FL' },
};

/** What the peer did wrong, a sentence each; empty when it is right. */
export async function findWrongAnswers(options: ProbeOptions): Promise<string[]> {
  const { url, cappedUrl, firstPerson: first, countPersons } = options;
  const wrong: string[] = [];
  const expect = (isRight: boolean, sentence: string) => {
    if (!isRight) wrong.push(sentence);
  };
  for (const [reason, values] of Object.entries(REJECTED)) {
    const answer = await submit(url, { ...personValues(first), ...values });
    expect(
      answer.outcome === 'failure' && answer.reason === reason,
      `a lead with a wrong ${reason} was answered ${JSON.stringify(answer)}`,
    );
  }
  expect((await countPersons({ first, count: 1 })).never === 1, 'a rejected lead was delivered');

  const same = await submitAll(url, Array(AT_ONCE).fill(first) as number[]);
  expect(same.length === 1, `of ${AT_ONCE} submissions of one person at once ${same.length} were sold`);
  const again = await submit(url, personValues(first));
  expect(again.outcome === 'failure', `a person sold before was answered ${JSON.stringify(again)}`);
  expect((await countPersons({ first, count: 1 })).once === 1, 'a person was not delivered exactly once');

  const persons = Array.from({ length: AT_ONCE }, (_, index) => first + 1 + index);
  const sold = await submitAll(cappedUrl, persons);
  expect(sold.length === PROBE_CAP, `a cap of ${PROBE_CAP} took ${sold.length}`);
  const { once, again: twice } = await countPersons({ first: first + 1, count: AT_ONCE });
  expect(once === PROBE_CAP && twice === 0, `under a cap of ${PROBE_CAP}, ${once + twice} leads were delivered`);
  return wrong;
}

/** Sends all at once; the answers with the outcome `success`. */
async function submitAll(url: string, persons: readonly number[]): Promise<Answer[]> {
  const answers = await Promise.all(persons.map((person) => submit(url, personValues(person))));
  return answers.filter(({ outcome }) => outcome === 'success');
}

interface Answer {
  outcome?: string;
  reason?: string;
}

async function submit(url: string, values: Readonly<Record<string, string>>): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { Accept: 'application/json' },
    body: new URLSearchParams(values),
  });
  const text = await response.text();
  try {
    return JSON.parse(text) as Answer; // an edge: whatever it is, its two words are compared
  } catch {
    return { outcome: `HTTP ${response.status}`, reason: text.slice(0, 200) };
  }
}
