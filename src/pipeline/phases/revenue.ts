import { addMoney, NO_MONEY } from '../../model/money.ts';
import type { RunOf } from '../phase-access.ts';
import { PROCEED, type Verdict } from '../verdict.ts';

/** What the lead earned (each successful delivery's sale price) and costs: nothing unless it succeeded (decision 27). */
export function revenue(run: RunOf<'revenue'>): Verdict {
  run.revenue = run.stepResults.reduce(
    (sum, result) =>
      result.kind === 'recipient' && result.outcome === 'success' ? addMoney(sum, result.salePrice) : sum,
    NO_MONEY,
  );
  run.price = run.outcome === 'success' ? run.offered.amount : NO_MONEY;
  return PROCEED;
}
