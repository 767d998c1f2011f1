/** The table of Text::Unidecode. It is asked for one character at a time; see write-ascii.ts. */
declare module 'unidecode' {
  export default function unidecode(character: string): string;
}
