import type { RecipientFeedback, SourceFeedback } from '../../../../src/model/flow.ts';
import { describeLength } from '../checks/describe-list-checks.ts';

/** `Returns of 30 days, conversions`; null: the recipient may send none. */
export function describeRecipientFeedback(feedback: RecipientFeedback | null | undefined): string | null {
  const { returns, conversions } = feedback ?? {};
  const age = returns?.maximum_age ? ` of ${describeLength(returns.maximum_age)}` : '';
  const approval = returns?.approval ? ' with approval' : '';
  const words = [
    ...(returns?.enabled === true ? [`returns${age}${approval}`] : []),
    ...(conversions?.enabled === true ? ['conversions'] : []),
  ];
  if (words.length === 0) return null;
  const sentence = words.join(', ');
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}`;
}

/** `Relayed by leadconduit-custom.outbound.json`; null: nothing is relayed. */
export function describeSourceFeedback(feedback: SourceFeedback | null | undefined): string | null {
  const module = feedback?.integration?.module_id;
  return module === undefined || module === '' ? null : `Relayed by ${module}`;
}
