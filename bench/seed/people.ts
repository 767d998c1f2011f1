import { pickBelow } from './chance.ts';

/** Made-up people: some 40,000 different last names and 2,000 first ones, put together from syllables. */

const FIRST = [
  'Al',
  'Be',
  'Ca',
  'Da',
  'El',
  'Fa',
  'Gi',
  'Ha',
  'Is',
  'Jo',
  'Ka',
  'Li',
  'Ma',
  'Ne',
  'Ol',
  'Pe',
  'Ro',
  'Sa',
];
const FIRST_MIDDLE = ['', 'ber', 'lin', 'mar', 'ni', 'ra', 'ro', 'sti', 've'];
const FIRST_END = ['a', 'an', 'el', 'en', 'ia', 'in', 'is', 'ius', 'na', 'on', 'ta', 'us'];
const LAST = [
  'Ab',
  'Bar',
  'Cor',
  'Dun',
  'Eld',
  'Fen',
  'Gar',
  'Hol',
  'Ing',
  'Jar',
  'Kes',
  'Lor',
  'Mon',
  'Nor',
  'Ost',
  'Pem',
];
const LAST_MIDDLE = [
  'ber',
  'chan',
  'dor',
  'en',
  'fer',
  'gan',
  'hart',
  'ing',
  'ker',
  'lan',
  'mer',
  'nel',
  'os',
  'per',
  'rick',
];
const LAST_MORE = ['', 'a', 'de', 'er', 'ga', 'le', 'mo', 'ne', 're', 'si', 'ta', 'vo'];
const LAST_END = [
  'bach',
  'berg',
  'by',
  'dale',
  'field',
  'ford',
  'ham',
  'ley',
  'man',
  'ridge',
  'sen',
  'son',
  'stad',
  'ton',
  'wick',
];
const CITY = [
  'Ash',
  'Brook',
  'Clear',
  'Deer',
  'East',
  'Fair',
  'Green',
  'High',
  'Iron',
  'Lake',
  'Maple',
  'North',
  'Oak',
  'Pine',
];
const CITY_END = [
  'brook',
  'burg',
  'dale',
  'field',
  'ford',
  'haven',
  'mont',
  'port',
  'ridge',
  'side',
  'ton',
  'view',
  'ville',
  'wood',
];
const STREETS = [
  'Alder',
  'Birch',
  'Cedar',
  'Dogwood',
  'Elm',
  'Foxglove',
  'Grove',
  'Hazel',
  'Juniper',
  'Laurel',
  'Myrtle',
  'Willow',
];

/** By the names of the marks in templates. */
export type Person = Readonly<Record<string, string>>;

/** The next person; the number makes the e-mail address and the reference unique. */
export function inventPerson(chance: () => number, number: number): Person {
  const pick = (parts: readonly string[]) => parts[pickBelow(chance, parts.length)] ?? '';
  // Two chances multiplied: some names are far more common than others.
  const often = (parts: readonly string[]) => parts[Math.floor(chance() * chance() * parts.length)] ?? '';
  const firstName = often(FIRST) + pick(FIRST_MIDDLE) + often(FIRST_END);
  const lastName = often(LAST) + pick(LAST_MIDDLE) + pick(LAST_MORE) + often(LAST_END);
  return {
    firstName,
    lastName,
    emailUser: `${firstName}.${lastName}${number}`.toLowerCase(),
    // An exchange that begins with 2 to 9, as American numbers have.
    phone: `512${2_000_000 + pickBelow(chance, 8_000_000)}`,
    house: String(100 + pickBelow(chance, 9900)),
    street: pick(STREETS),
    city: often(CITY) + pick(CITY_END),
    reference: `R-${number.toString(36).toUpperCase().padStart(6, '0')}`,
  };
}
