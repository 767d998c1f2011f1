import { Anchor, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { CapCounter } from '../../../client/src/client.ts';
import { Bar } from './BarRows.tsx';
import { buildCapPath } from './build-cap-path.ts';
import classes from './CapGauges.module.css';
import { describeFilling, describeUse, fullnessOf, type ZonedNow } from './cap-words.ts';
import { OutcomeBadge } from './OutcomeBadge.tsx';

/** From this share on it stands out. */
const NEAR = 0.8;

/** The fullest caps, how much is used and held, and when they will be full. `nameOf`: of a flow; absent: all are of one. */
export function CapGauges(
  given: {
    caps: readonly CapCounter[];
    max: number;
    nameOf?: (flowId: string) => string;
  } & ZonedNow,
) {
  const { caps, max, nameOf, now, zone } = given;
  const fullest = caps.toSorted((one, other) => fullnessOf(other) - fullnessOf(one)).slice(0, max);
  if (fullest.length === 0)
    return (
      <Text size="sm" c="dimmed" py="sm">
        No cap was asked for a place in its window yet.
      </Text>
    );
  return (
    <ul className={classes['caps']}>
      {fullest.map((cap) => (
        <li key={cap.id}>
          <div className={classes['line']}>
            <span className={classes['name']}>
              <Anchor component={Link} to={buildCapPath(cap.id)} inherit className={classes['link'] ?? ''}>
                <bdi>{cap.name ?? 'A cap without a name'}</bdi>
              </Anchor>
              {nameOf !== undefined && <bdi className={classes['of']}>{nameOf(cap.flow_id)}</bdi>}
            </span>
            <span className={classes['use']}>{describeUse(cap)}</span>
          </div>
          <Bar share={fullnessOf(cap)} tone={fullnessOf(cap) >= NEAR ? 'error' : 'plain'} />
          <span className={classes['when']}>
            <Filling cap={cap} now={now} zone={zone} />
          </span>
        </li>
      ))}
    </ul>
  );
}

function Filling({ cap, now, zone }: { cap: CapCounter } & ZonedNow) {
  const text = describeFilling(cap, { now, zone });
  if (fullnessOf(cap) < 1) return text;
  return (
    <>
      <OutcomeBadge status="open" word="Full" /> {text.replace(/^full /, '')}
    </>
  );
}
