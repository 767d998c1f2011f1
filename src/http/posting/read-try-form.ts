import { fail, ok, type Result } from '../../lib/result.ts';
import type { PostingFormat } from '../../posting/posting-page.ts';
import { VALUE_PREFIX } from '../../posting/render/try-section.ts';
import type { PostedValues } from '../../posting/sample-request.ts';
import { type ApiError, apiError } from '../errors.ts';

/** What the form of a posting page was sent with. */
export interface TryForm {
  format: PostingFormat['name'];
  /** Of inputs that nobody left empty. */
  values: PostedValues;
}

const FORMATS: readonly PostingFormat['name'][] = ['form', 'json', 'xml', 'query'];
/** As many as the API takes (`POST /submission/{token}/try`). */
const VALUES_MAX = 1_000;
/** Parts of a form that are looked at: each value, and the format. */
const PARTS_MAX = VALUES_MAX + 1;

/** An empty input is a value that is not sent. Names that are none of the form's are an error, not ignored. */
export function readTryForm(body: string): Result<TryForm, ApiError> {
  if (body.split('&', PARTS_MAX + 1).length > PARTS_MAX) return fail(TOO_MANY);
  const sent = [...new URLSearchParams(body)];
  const unknown = sent.find(([name]) => name !== 'format' && !name.startsWith(VALUE_PREFIX));
  if (unknown) return fail(NOT_THE_FORM);
  const wanted = sent.find(([name]) => name === 'format')?.[1];
  const format = FORMATS.find((each) => each === (wanted ?? 'form'));
  if (!format) return fail(NOT_THE_FORM);
  const values = sent.filter(([name, value]) => name !== 'format' && value !== '');
  return ok({ format, values: values.map(([name, value]) => ({ name: name.slice(VALUE_PREFIX.length), value })) });
}

const TOO_MANY = apiError('malformed_body', `The form has more than ${VALUES_MAX} values.`);
const NOT_THE_FORM = apiError(
  'malformed_body',
  'This URL takes the form of the posting page alone. Send leads to the submit URL that the page shows.',
);
