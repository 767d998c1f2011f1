/** The first sentence of a text of the document, without backticks and the addresses of links. */
export function takeSentence(text: string): string {
  const [first = text] = text.split(/(?<=\.)\s+(?=\p{Lu}|`)/u);
  return first.replaceAll('`', '').replaceAll(/\[([^\]]+)\]\([^)]+\)/g, '$1');
}
