import { splitMoments } from './split-moments.ts';
import { Time } from './Time.tsx';

/** A sentence of the API, its times as the console prints times. */
export function Sentence({ text }: { text: string }) {
  return splitMoments(text).map((part, place) =>
    part.kind === 'text' ? (
      part.text
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a sentence stay where they are
      <Time key={place} at={part.at} />
    ),
  );
}
