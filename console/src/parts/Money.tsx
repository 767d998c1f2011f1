import { formatMoney } from './format-money.ts';

/** Dollars; without a price a dash, which is read as "no price". */
export function Money({ dollars }: { dollars: number | null | undefined }) {
  const text = formatMoney(dollars);
  if (dollars !== null && dollars !== undefined) return <span>{text}</span>;
  return (
    <span role="img" aria-label="no price">
      {text}
    </span>
  );
}
