import { SluiceError } from '../../../client/src/client.ts';

/** Of a query that failed so many times. The client has already asked again what a further attempt may help. */
export function shouldAskAgain(failures: number, error: Error): boolean {
  return !(error instanceof SluiceError) && failures < 2;
}
