import { listBids } from '../model/delivery-steps.ts';
import type { Problem } from '../model/problem.ts';
import type { LintContext } from './lint-context.ts';

/** Fields by which a buyer could reach the person, with what is at the end of their ids. */
const REACHES = /\{\{\s*lead\.((?:first_name|last_name|email|phone|address)(?:_[a-z0-9]+)?)\s*\}\}/;

/**
 * A question for a bid goes to every bidder, and all but one of them do not buy: what names the person is not theirs. A
 * part of a value, such as `lead.phone_1.area`, or a digest of it is not found.
 */
export function personalDataInBids({ document }: LintContext): Problem[] {
  return listBids(document).flatMap(({ path, bid }) =>
    bid.mappings.flatMap(({ value }, index) => {
      const texts = Array.isArray(value) ? value : [value];
      const field = texts.map((text) => (typeof text === 'string' ? REACHES.exec(text)?.[1] : undefined)).find(Boolean);
      if (field === undefined) return [];
      const message = `Every bidder gets lead.${field} in full, and may keep it without buying: map a part of it, such as the area code, or a digest.`;
      return [{ path: `${path}.mappings.${index}.value`, message }];
    }),
  );
}
