import { Fragment } from 'react';

/** Code in backticks, and the words of links: they lead to files of the documentation. */
const PIECES = /(`[^`]+`|\[[^\]]+\]\([^)]+\))/;

/** A text of the document, whose code looks like code. */
export function Prose({ text }: { text: string }) {
  return text.split(PIECES).map((piece, index) => {
    // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text never move
    if (index % 2 === 0) return <Fragment key={index}>{piece}</Fragment>;
    const link = /^\[([^\]]+)\]/.exec(piece)?.[1];
    // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text never move
    return link === undefined ? <code key={index}>{piece.slice(1, -1)}</code> : <Prose key={index} text={link} />;
  });
}
