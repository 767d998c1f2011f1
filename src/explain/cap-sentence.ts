import type { ExplainedCap } from '../events/explain-lead.ts';
import { CAP_NAMES, SENTENCES } from './sentences.ts';
import { quoted, writeMoney } from './wording.ts';
import { writeMoment } from './write-moment.ts';

/** `The daily cap "Nevada" was full (1 of 1); it has room again at 2026-11-21 00:00 America/Chicago.` */
export function capSentence(refused: ExplainedCap): string {
  const cap = nameOfCap(refused);
  const { count, held, maximum, frees_at: freesAt, time_zone: zone } = refused;
  const frees = freesAt === null ? null : writeMoment(freesAt, zone);
  if (refused.amount !== undefined) {
    const left = Math.max(maximum - count - held, 0);
    const [amount, most] = [writeMoney(refused.amount), writeMoney(maximum)];
    return SENTENCES.capShort({
      cap,
      amount,
      left: writeMoney(left),
      most,
      held: held > 0 ? writeMoney(held) : null,
      frees,
    });
  }
  if (maximum === 0) return SENTENCES.capShut({ cap });
  return SENTENCES.capFull({ cap, taken: count + held, maximum, held, frees });
}

function nameOfCap({ name: written, duration, duration_units: units }: ExplainedCap): string {
  const name = written ? quoted(written) : null;
  if (duration === undefined || units === undefined) return CAP_NAMES.unknown({ name });
  return CAP_NAMES.of({ name, duration, units });
}
