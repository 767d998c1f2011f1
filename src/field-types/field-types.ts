import { booleanType } from './boolean.ts';
import { credentialType } from './credential.ts';
import { dateType } from './date.ts';
import { dobType } from './dob.ts';
import { emailType } from './email.ts';
import type { FieldType } from './field-type.ts';
import { cityType, firstNameType, lastNameType } from './free-text.ts';
import { genderType } from './gender.ts';
import { ipType } from './ip.ts';
import { numberType } from './number.ts';
import { phoneType } from './phone.ts';
import { postalCodeType } from './postal-code.ts';
import { rangeType } from './range.ts';
import { ssnType } from './ssn.ts';
import { stateType } from './state.ts';
import { streetType } from './street.ts';
import { stringType } from './string.ts';
import { timeType } from './time.ts';
import { trustedformUrlType } from './trustedform-url.ts';
import { urlType } from './url.ts';

/** All data types, in the order of `FIELD_TYPE_NAMES`; what `GET /types` lists. */
export const FIELD_TYPES: readonly FieldType[] = [
  booleanType,
  cityType,
  credentialType,
  dateType,
  dobType,
  emailType,
  firstNameType,
  genderType,
  ipType,
  lastNameType,
  numberType,
  phoneType,
  postalCodeType,
  rangeType,
  ssnType,
  stateType,
  streetType,
  stringType,
  timeType,
  trustedformUrlType,
  urlType,
];

const BY_NAME: ReadonlyMap<string, FieldType> = new Map(FIELD_TYPES.map((type) => [type.name, type]));

/** undefined for a name that is no data type: `array`, `wildcard`, or a typing error. */
export function findFieldType(name: string): FieldType | undefined {
  return BY_NAME.get(name);
}
