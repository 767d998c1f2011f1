import { formatMoney } from './format-money.ts';

interface MoneyProps {
  dollars: number | null | undefined;
  /** In a column whose header has the unit: without the sign. */
  isInColumn?: boolean;
}

/** Dollars; without a price a dash, which is read as "no price". */
export function Money({ dollars, isInColumn = false }: MoneyProps) {
  const text = formatMoney(dollars);
  if (dollars !== null && dollars !== undefined) return <span>{isInColumn ? text.replace('$', '') : text}</span>;
  return (
    <span role="img" aria-label="no price">
      {text}
    </span>
  );
}
