import classes from './Sparkline.module.css';

const SIZE = { width: 96, height: 20 };
/** Bars that can be told apart. */
const BARS_MAX = 48;

/** Counts over time, so small that they have no axes; `name` says what they are. */
export function Sparkline({ counts, name }: { counts: readonly number[]; name: string }) {
  const shown = counts.slice(-BARS_MAX);
  const most = Math.max(...shown, 1);
  const step = SIZE.width / Math.max(1, shown.length);
  const { width, height } = SIZE;
  return (
    <svg className={classes['spark']} viewBox={`0 0 ${width} ${height}`} {...SIZE} role="img" aria-label={name}>
      <line x1={0} x2={width} y1={height - 0.5} y2={height - 0.5} />
      {shown.map((count, place) => {
        const tall = count === 0 ? 0 : Math.max(2, (count / most) * (height - 2));
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: the place of a bar is its time
            key={place}
            x={place * step + step * 0.1}
            width={step * 0.8}
            y={height - tall}
            height={tall}
          />
        );
      })}
    </svg>
  );
}
