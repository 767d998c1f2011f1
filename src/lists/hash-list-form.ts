import { formOfMd5, readListForm } from './normalise-list-value.ts';

/** Makes the keyed hash under which a list has a value, of the form that `normaliseListValue` returned. */
export type HashListForm = (form: string) => Buffer;

/** `md5` returns 32 hexadecimal digits in lower case; `keyed` is HMAC-SHA-256 with the key of the installation. */
export function createListHash(tools: { md5(text: string): string; keyed(text: string): Buffer }): HashListForm {
  return (form) => {
    const read = readListForm(form);
    return tools.keyed('text' in read ? read.text : formOfMd5(tools.md5(read.md5Of)));
  };
}
