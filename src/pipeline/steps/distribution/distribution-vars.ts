import { addMoney, dollars, NO_MONEY } from '../../../model/money.ts';
import type { DistributionVars } from '../../lead-run.ts';
import type { Sale } from './round.ts';

export function buildDistributionVars(sales: readonly Sale[]): DistributionVars {
  const [first] = sales;
  const revenue = sales.reduce(
    (sum, { result }) => (result.outcome === 'success' ? addMoney(sum, result.salePrice) : sum),
    NO_MONEY,
  );
  return {
    sold: first !== undefined,
    sales: sales.length,
    winner: first?.candidate.entityName ?? null,
    winner_id: first?.candidate.entityId ?? null,
    revenue: dollars(revenue),
  };
}
