import { randomFillSync } from 'node:crypto';
import type { Random } from '../lib/ids.ts';

/** One call of the system serves 682 numbers: a call for each would cost a lead more than all of its ids. */
const POOL_BYTES = 4_092;

const BYTES_PER_NUMBER = 6;
const NUMBERS = 2 ** (8 * BYTES_PER_NUMBER);

/** Numbers from 0 up to and without 1, of 48 bits each, that cannot be predicted from others. Each is given once. */
export function createSecureRandom(): Random {
  const pool = Buffer.alloc(POOL_BYTES);
  let position = POOL_BYTES;
  return () => {
    if (position === POOL_BYTES) {
      randomFillSync(pool);
      position = 0;
    }
    const number = pool.readUIntBE(position, BYTES_PER_NUMBER);
    position += BYTES_PER_NUMBER;
    return number / NUMBERS;
  };
}
