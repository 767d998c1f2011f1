/** Around each inserted value while a URL or HTML is written; private use, and taken out of the values themselves. */
const OPENS = '\ue000';
const CLOSES = '\ue001';
const MARKS = /[\ue000\ue001]/g;

/** A value as it stands in the text of a template until the text is written. */
export function markValue(text: string): string {
  return `${OPENS}${text.replace(MARKS, '')}${CLOSES}`;
}

/** The text of a template; `write` says what stands in the place of a value, behind what is written so far. */
export function replaceMarkedValues(marked: string, write: (value: string, before: string) => string): string {
  let text = '';
  for (const [at, piece] of marked.split(OPENS).entries()) {
    const end = at === 0 ? 0 : piece.indexOf(CLOSES);
    if (at > 0) text += write(piece.slice(0, end), text);
    text += piece.slice(at === 0 ? 0 : end + 1);
  }
  return text;
}
