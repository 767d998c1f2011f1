import { DateTime } from 'luxon';

/** The forms of a language: `LT` and `LTS` are times, `L` to `LLLL` ever longer dates. */
type Forms = Readonly<Record<'LT' | 'LTS' | 'L' | 'LL' | 'LLL' | 'LLLL', string>>;

/** In the tokens of moment.js, whose forms these are. */
const FORMS: ReadonlyMap<string, Forms> = new Map<string, Forms>([
  [
    'en',
    {
      LT: 'h:mm A',
      LTS: 'h:mm:ss A',
      L: 'MM/DD/YYYY',
      LL: 'MMMM D, YYYY',
      LLL: 'MMMM D, YYYY h:mm A',
      LLLL: 'dddd, MMMM D, YYYY h:mm A',
    },
  ],
  [
    'de',
    {
      LT: 'HH:mm',
      LTS: 'HH:mm:ss',
      L: 'DD.MM.YYYY',
      LL: 'D. MMMM YYYY',
      LLL: 'D. MMMM YYYY HH:mm',
      LLLL: 'dddd, D. MMMM YYYY HH:mm',
    },
  ],
  [
    'es',
    {
      LT: 'H:mm',
      LTS: 'H:mm:ss',
      L: 'DD/MM/YYYY',
      LL: 'D [de] MMMM [de] YYYY',
      LLL: 'D [de] MMMM [de] YYYY H:mm',
      LLLL: 'dddd, D [de] MMMM [de] YYYY H:mm',
    },
  ],
  [
    'fr',
    {
      LT: 'HH:mm',
      LTS: 'HH:mm:ss',
      L: 'DD/MM/YYYY',
      LL: 'D MMMM YYYY',
      LLL: 'D MMMM YYYY HH:mm',
      LLLL: 'dddd D MMMM YYYY HH:mm',
    },
  ],
]);

/** Where no form is written down, what the platform knows of the language. */
const PLATFORM_FORMS: Readonly<Record<keyof Forms, Intl.DateTimeFormatOptions>> = {
  LT: DateTime.TIME_SIMPLE,
  LTS: DateTime.TIME_WITH_SECONDS,
  L: { year: 'numeric', month: '2-digit', day: '2-digit' },
  LL: DateTime.DATE_FULL,
  LLL: { ...DateTime.DATE_FULL, ...DateTime.TIME_SIMPLE },
  LLLL: { ...DateTime.DATE_HUGE, ...DateTime.TIME_SIMPLE },
};

export const LOCALIZED_TOKENS = ['LT', 'LTS', 'L', 'LL', 'LLL', 'LLLL', 'l', 'll', 'lll', 'llll'] as const;

/** `L`, `LT` … in finer tokens. In lower case they are the same with short names and without padding zeros. */
export function localizedForm(time: DateTime, token: string): string {
  const name = token.toUpperCase();
  if (!isForm(name)) return token;
  // British and other English write the day first.
  const form = isAmerican(time) ? FORMS.get('en') : FORMS.get(languageOf(time) === 'en' ? '' : languageOf(time));
  // In brackets, so that the platform's letters are not taken for tokens.
  if (!form) return `[${time.toLocaleString(PLATFORM_FORMS[name]).replace(/[[\]]/g, '')}]`;
  return token === name ? form[name] : form[name].replace(LONG_TOKENS, (long) => long.slice(1));
}

const LONG_TOKENS = /MMMM|MM|DD|dddd/g;

export function isAmerican(time: DateTime): boolean {
  return time.locale === 'en' || time.locale === 'en-US' || time.locale === null;
}

function languageOf(time: DateTime): string {
  return time.locale?.split('-', 1)[0] ?? 'en';
}

function isForm(name: string): name is keyof Forms {
  return Object.hasOwn(PLATFORM_FORMS, name);
}
