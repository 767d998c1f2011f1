import type { FieldTypeName } from '../model/field-type.ts';

interface TypeWords {
  /** In a table of parameters. */
  name: string;
  /** How values are read; null: as they are. */
  format: string | null;
}

/** The data types in words for people who do not know them (spec api 4.1, seed 001 "About Data Types"). */
export const TYPE_WORDS: Readonly<Record<FieldTypeName | 'array', TypeWords>> = {
  array: { name: 'List', format: 'Send the parameter several times, or a JSON list.' },
  boolean: { name: 'Yes or no', format: 'yes, no, true, false, 1 or 0.' },
  city: { name: 'City', format: null },
  credential: { name: 'Secret', format: 'The value is used and never stored.' },
  date: { name: 'Date', format: 'YYYY-MM-DD is safest; MM/DD/YYYY is read as well.' },
  dob: { name: 'Date of birth', format: 'YYYY-MM-DD is safest; MM/DD/YYYY is read as well.' },
  email: { name: 'Email address', format: 'One address.' },
  first_name: { name: 'First name', format: null },
  gender: { name: 'Gender', format: 'male, female, other, or M, F, O.' },
  ip: { name: 'IP address', format: 'IPv4 or IPv6.' },
  last_name: { name: 'Last name', format: null },
  number: {
    name: 'Number',
    format: 'Digits with an optional decimal point; a currency sign and commas between thousands are read.',
  },
  phone: {
    name: 'Phone number',
    format:
      'A number of the USA with ten digits in any spelling, or one of another country with + and its code; x begins an extension.',
  },
  postal_code: { name: 'Postal code', format: 'Of the USA, Canada or the United Kingdom.' },
  range: { name: 'Range', format: 'Two numbers with a hyphen or “to” between them, one number, or a number with +.' },
  ssn: {
    name: 'Social security number',
    format: 'Nine digits, with or without hyphens. The value is used and never stored.',
  },
  state: {
    name: 'State',
    format: 'The code of a state of the USA or its name; a province or region elsewhere as it is.',
  },
  street: { name: 'Street address', format: null },
  string: { name: 'Text', format: null },
  time: { name: 'Date and time', format: 'YYYY-MM-DDThh:mm:ssZ is safest.' },
  trustedform_url: { name: 'TrustedForm certificate', format: 'The URL of the certificate.' },
  url: { name: 'URL', format: 'With http:// or https://.' },
};
