const DOLLARS = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD', maximumFractionDigits: 4 });

/** Dollars as the API has them: cents at least, as many further digits as there are; null: no price, a dash. */
export function formatMoney(dollars: number | null | undefined): string {
  if (dollars === null || dollars === undefined) return '–';
  return DOLLARS.format(dollars);
}
