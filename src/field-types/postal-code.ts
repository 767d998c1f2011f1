import { keepAllBut } from './aggregations.ts';
import { component, type FieldType, rawComponent } from './field-type.ts';
import { operatorPairs } from './operator-pairs.ts';
import { type Properties, richText } from './rich-value.ts';
import { submitted, textOf } from './submitted.ts';

/** Blanks of any number and kind stand around the dash of ZIP+4 and between the halves of the others (measured). */
const US = /^(\d{5})\s*-?\s*(\d{4})?$/;
const CANADA = /^([A-Z]\d[A-Z])\s*(\d[A-Z]\d)$/;
/** One or two letters, one or two digits, at most one more of either; the incode alone is accepted too (measured). */
const GREAT_BRITAIN = /^([A-Z]{1,2}\d{1,2}[A-Z\d]?)?\s*(\d[A-Z]{2})$/;

export const postalCodeType: FieldType = {
  name: 'postal_code',
  isMaskable: false,
  components: [
    rawComponent,
    component('country_code', 'string', 'US, CA or GB'),
    component('zip', 'string', 'United States: the five digits'),
    component('four', 'string', 'United States: the four digits of ZIP+4'),
    component('fsa', 'string', 'Canada: the forward sortation area, K1A'),
    component('ldu', 'string', 'Canada: the local delivery unit, 0B1'),
    component('outcode', 'string', 'Great Britain: the part before the space, SW1A'),
    component('incode', 'string', 'Great Britain: the part after the space, 1AA'),
  ],
  operators: operatorPairs('equal', 'blank', 'format', 'includes', 'includedIn', 'pattern'),
  parse(value) {
    const raw = textOf(submitted(value));
    const code = raw.trim().toUpperCase();
    const reading = readUs(code) ?? readCanadian(code) ?? readBritish(code);
    if (reading === undefined) return richText(raw, { raw, valid: false });
    return richText(reading.normal, { raw, code: code === '' ? null : code, ...reading.parts, valid: true });
  },
  aggregate: keepAllBut('four', 'raw', 'valid'),
  examples: ['78704', '78704-1234', 'K1A 0B1', 'SW1A 1AA'],
};

interface Reading {
  normal: string;
  parts: Properties;
}

function readUs(code: string): Reading | undefined {
  // A blank code is a valid US one without parts (spec modules d, measured); blank leads never get here.
  if (code === '') return { normal: '', parts: { country_code: 'US', zip: null, four: null } };
  const [, zip, four = null] = US.exec(code) ?? [];
  if (zip === undefined) return undefined;
  return { normal: four === null ? zip : `${zip}-${four}`, parts: { country_code: 'US', zip, four } };
}

function readCanadian(code: string): Reading | undefined {
  const [, fsa, ldu] = CANADA.exec(code) ?? [];
  if (fsa === undefined) return undefined;
  return { normal: `${fsa} ${ldu}`, parts: { country_code: 'CA', fsa, district: fsa.charAt(0), ldu } };
}

function readBritish(code: string): Reading | undefined {
  const [, outcode = null, incode] = GREAT_BRITAIN.exec(code) ?? [];
  if (incode === undefined) return undefined;
  return { normal: `${outcode ?? ''} ${incode}`, parts: { country_code: 'GB', outcode, incode } };
}
