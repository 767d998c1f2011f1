import { Fragment } from 'react';
import { DocLink } from './DocLink.tsx';

/** Code in backticks, and links. */
const PIECES = /(`[^`]+`|\[[^\]]+\]\([^)]+\))/;
/** To the documentation of this server; words of any other are words alone. */
const LINK = /^\[([^\]]+)\]\((?:(\/docs\/[^)]+)|[^)]+)\)$/;

/** A text of the document: its code looks like code, its links lead to the documentation. */
export function Prose({ text }: { text: string }) {
  return text.split(PIECES).map((piece, index) => {
    // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text never move
    return <Piece key={index} piece={piece} isMarked={index % 2 === 1} />;
  });
}

function Piece({ piece, isMarked }: { piece: string; isMarked: boolean }) {
  if (!isMarked) return <Fragment>{piece}</Fragment>;
  const [, words, to] = LINK.exec(piece) ?? [];
  if (words === undefined) return <code>{piece.slice(1, -1)}</code>;
  if (to === undefined) return <Prose text={words} />;
  return (
    <DocLink to={to}>
      <Prose text={words} />
    </DocLink>
  );
}
