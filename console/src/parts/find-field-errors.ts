import { SluiceError } from '../../../client/src/client.ts';

/** What the API says of each field of a form, by its name; empty: it says nothing of a field. */
export function findFieldErrors(error: unknown): Record<string, string> {
  if (!(error instanceof SluiceError)) return {};
  if (error.code === 'email_taken') return { email: error.message };
  return Object.fromEntries(error.details.map(({ path, message }) => [path, message]));
}
