import { foldedText } from './operand.ts';

/**
 * Does a value contain obscene language (spec behaviour 5.2)? English words, as people type them into forms: whole
 * words, so that Scunthorpe and Dickens pass, and a few stems that no decent word contains. Digits and signs that
 * stand for letters are read as such (`sh1t`, `@ss`).
 */
export function isObscene(value: unknown): boolean {
  const text = foldedText(value).slice(0, CHARACTERS_MAX);
  if (text === '') return false;
  return hasObsceneWord(text) || hasObsceneWord(text.replace(/[@013457$!]/g, (sign) => DISGUISES[sign] ?? sign));
}

/** Nobody hides an obscenity behind 64 Ki characters; what lies beyond is not read. */
const CHARACTERS_MAX = 65_536;

const DISGUISES: Readonly<Record<string, string>> = {
  '@': 'a',
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  $: 's',
  '!': 'i',
};

function hasObsceneWord(text: string): boolean {
  if (STEMS.test(text)) return true;
  for (const [word] of text.matchAll(/[a-z]+/g)) if (WORDS.has(word)) return true;
  return false;
}

const STEMS =
  /fuck|motherf|phuck|bullshit|shithead|dipshit|horseshit|asshole|arsehole|dumbass|jackass|cocksuck|blowjob|handjob|whore|nigger|nigga|faggot|dildo|pussies|wanker/;

const WORDS: ReadonlySet<string> = new Set(
  `arse ass asses asshat bastard bastards bitch bitches bitching bitchy bollocks boner boob boobs bugger butthole
  clit cock cocks coon crap cum cumming cunt cunts dickhead dickheads dyke fag fags fuk fukin fuking gangbang goddamn
  jerkoff jizz kike knob muff orgasm penis piss pissed pissing porn porno prick pricks pube pubes pussy queef rimjob
  retard retarded scrotum shit shite shits shitty shitting shitter slut sluts slutty smegma spic tit tits titties
  titty turd turds twat twats vagina vulva wank wanking wtf`.split(/\s+/),
);
