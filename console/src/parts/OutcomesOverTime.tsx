import { Anchor, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { COUNTED_OUTCOMES } from '../api/lists.ts';
import { barsQuery, filterOf, type NumbersOf, sectionOf } from '../api/overview.ts';
import { useSession } from '../api/use-session.ts';
import { formatCount } from './format-number.ts';
import { nameZoneOver } from './format-time.ts';
import { HISTOGRAM_AROUND, Histogram, HistogramTable } from './Histogram.tsx';
import { OutcomeBadge } from './OutcomeBadge.tsx';
import classes from './OutcomesOverTime.module.css';
import { chooseInterval, type ResolvedFrame } from './time-frames.ts';
import { Widget, WidgetBody } from './Widget.tsx';

const HEIGHT = 132;
const LEGEND_HEIGHT = 32;
const BARS = { hourly: 'hour', daily: 'day', weekly: 'week' } as const;

/** Leads by outcome as bars, or deliveries of a recipient; a part that is drawn over opens its list. */
export function OutcomesOverTime({ frame, of = {} }: { frame: ResolvedFrame; of?: NumbersOf }) {
  const { account } = useSession();
  const navigate = useNavigate();
  const [hasNumbers, setNumbers] = useState(false);
  const section = sectionOf(of);
  const interval = chooseInterval(frame);
  const zone = account.time_zone;
  const query = useQuery(barsQuery(frame, { interval, zone }, of));
  const counted = section === 'leads' ? 'Leads' : 'Deliveries';
  const chart = {
    name: `${counted} by outcome, each bar one ${BARS[interval]}`,
    series: COUNTED_OUTCOMES,
  };
  return (
    <Widget
      title={`${counted} by outcome and ${BARS[interval]}`}
      aside={
        <Text size="xs" c="dimmed">
          {frame.label}, {nameZoneOver(zone, frame)}
        </Text>
      }
    >
      <WidgetBody query={query} height={HEIGHT + HISTOGRAM_AROUND + LEGEND_HEIGHT}>
        {(bars) => (
          <>
            <Histogram
              {...chart}
              bars={bars}
              zone={zone}
              height={HEIGHT}
              onBrush={(drawn) =>
                void navigate({
                  to: `/${section}`,
                  search: {
                    ...filterOf(of),
                    start: new Date(drawn.start).toISOString(),
                    end: new Date(drawn.end).toISOString(),
                  },
                })
              }
            />
            <div className={classes['legend']}>
              {COUNTED_OUTCOMES.map((outcome) => (
                <span key={outcome}>
                  <OutcomeBadge status={outcome} />{' '}
                  {formatCount(bars.reduce((sum, bar) => sum + bar.counts[outcome], 0))}
                </span>
              ))}
              <Anchor
                component="button"
                type="button"
                size="xs"
                mih={24}
                onClick={() => setNumbers(!hasNumbers)}
                aria-expanded={hasNumbers}
              >
                {hasNumbers ? 'Hide numbers' : 'Show numbers'}
              </Anchor>
            </div>
            {hasNumbers && (
              // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard (WCAG 2.1.1)
              <section className={classes['numbers']} tabIndex={0} aria-label="Numbers of the chart">
                <HistogramTable {...chart} bars={bars} zone={zone} />
              </section>
            )}
          </>
        )}
      </WidgetBody>
    </Widget>
  );
}
