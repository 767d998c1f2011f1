import fc from 'fast-check';

/** What a buyer does with a delivery. `takes` buys and hangs up, `loses` hangs up without having bought. */
export type Reply = 'buys' | 'refuses' | 'fails' | 'takes' | 'loses';

/** What a recipient does with a lead that it bought, and what its user decides of a return. */
export interface FeedbackAct {
  /** The number of the buyer. */
  buyer: number;
  type: 'return' | 'conversion';
  /** Before later attempts are made, and deliveries of unknown end are resolved. */
  isEarly: boolean;
  decision: 'accept' | 'decline' | 'deadline' | 'none';
}

/** The life of one lead, as its peers play it. Money is in ten-thousandths of a dollar. */
export interface History {
  flow: number;
  source: number;
  state: 'TX' | 'CA';
  /** The price that the sender submits. */
  submitted: number;
  /** What the pricing service answers; null: a fault. */
  quoted: number | null;
  /** By the number of the buyer, in the order of its deliveries; after the last one it refuses. */
  replies: Reply[][];
  /** What each buyer answers or bids. */
  prices: number[];
  /** Do the people who resolve its deliveries name the price? */
  namesPrice: boolean;
  /** Sent once more by somebody else. */
  isRepeated: boolean;
  acts: FeedbackAct[];
  /** What the source answers when it is asked about feedback. */
  sourceReplies: ('accepts' | 'declines' | 'hangs up')[];
}

export const FLOWS = 5;
export const SOURCES = 3;
export const BUYERS = 3;

const replies = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.constant<Reply>('buys') },
    { weight: 2, arbitrary: fc.constant<Reply>('refuses') },
    { weight: 3, arbitrary: fc.constant<Reply>('fails') },
    { weight: 1, arbitrary: fc.constant<Reply>('takes') },
    { weight: 1, arbitrary: fc.constant<Reply>('loses') },
  ),
  { minLength: 1, maxLength: 3 },
);

const act: fc.Arbitrary<FeedbackAct> = fc.record({
  buyer: fc.nat({ max: BUYERS - 1 }),
  type: fc.constantFrom('return', 'return', 'conversion'),
  isEarly: fc.boolean(),
  decision: fc.constantFrom('accept', 'decline', 'deadline', 'none'),
});

export const histories: fc.Arbitrary<History> = fc.record({
  flow: fc.nat({ max: FLOWS - 1 }),
  source: fc.nat({ max: SOURCES - 1 }),
  state: fc.constantFrom('TX', 'CA'),
  submitted: fc.nat({ max: 500_000 }),
  quoted: fc.option(fc.nat({ max: 300_000 }), { freq: 6 }),
  replies: fc.array(replies, { minLength: BUYERS, maxLength: BUYERS }),
  prices: fc.array(fc.nat({ max: 500_000 }), { minLength: BUYERS, maxLength: BUYERS }),
  namesPrice: fc.boolean(),
  isRepeated: fc.nat({ max: 9 }).map((part) => part === 0),
  acts: fc.array(act, { maxLength: 3 }),
  sourceReplies: fc.array(fc.constantFrom('accepts', 'accepts', 'declines', 'hangs up'), {
    minLength: 1,
    maxLength: 2,
  }),
});
