import { Anchor, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { COUNTED_OUTCOMES, type CountPlan, histogramQuery, planCounts } from '../../api/lists.ts';
import { useMay, useSession } from '../../api/use-session.ts';
import { describeError } from '../../parts/ErrorState.tsx';
import { nameZone } from '../../parts/format-time.ts';
import { Histogram, HistogramTable } from '../../parts/Histogram.tsx';
import { OutcomeBadge } from '../../parts/OutcomeBadge.tsx';
import { Sentence } from '../../parts/Sentence.tsx';
import { Stale } from '../../parts/Stale.tsx';
import styles from './list.module.css';
import { intervalOf, type SearchChange } from './list-search.ts';
import type { ListState } from './use-list.ts';

const COUNT = new Intl.NumberFormat('en-US');
const BAR_NAMES = { minutely: 'a minute', hourly: 'an hour', daily: 'a day', weekly: 'a week' } as const;
/** The room that it has, so that nothing jumps when it comes. */
const HEIGHT = 57;

/** The counts of the list over time. It fails by itself: the table stays. */
export function OverTime({ list }: { list: ListState }) {
  const mayCount = useMay('reports.read');
  const plan = mayCount ? planCounts(list.section, list.search) : 'Counts need the permission reports.read.';
  if (typeof plan === 'string')
    return (
      <Text size="xs" c="dimmed" mb="xs">
        No counts: {plan}
      </Text>
    );
  return <Counted list={list} plan={plan} />;
}

function Counted({ list, plan }: { list: ListState; plan: CountPlan }) {
  const { question, section, display } = list;
  const { account } = useSession();
  const [hasNumbers, setNumbers] = useState(false);
  const zone = account.time_zone;
  const interval = intervalOf(question.frame, question.now);
  const { data: bars, error, isPlaceholderData } = useQuery(histogramQuery(question, plan, { interval, zone }));
  if (error && bars === undefined)
    return (
      <Text size="sm" mih={HEIGHT} role="alert">
        The counts could not be read. <Sentence text={describeError(error).text} />
      </Text>
    );
  const chart = {
    name: `${section === 'leads' ? 'Leads' : 'Events'} by outcome, ${BAR_NAMES[interval]} a bar`,
    series: COUNTED_OUTCOMES,
  };
  const totals = COUNTED_OUTCOMES.map(
    (outcome) => [outcome, (bars ?? []).reduce((sum, bar) => sum + bar.counts[outcome], 0)] as const,
  );
  const total = totals.reduce((sum, [, count]) => sum + count, 0);
  return (
    <Stale role="region" aria-label="Over time" isStale={isPlaceholderData}>
      {display.hasChart && (
        <div style={{ minHeight: HEIGHT }}>
          {bars !== undefined && (
            <Histogram {...chart} bars={bars} zone={zone} onBrush={(frame) => list.change(changeOfFrame(frame))} />
          )}
        </div>
      )}
      <div className={styles['counts']}>
        {bars !== undefined && (
          <strong data-total={total}>
            {COUNT.format(total)} {nounOf(list, plan, total)}
          </strong>
        )}
        {bars !== undefined &&
          totals.map(([outcome, count]) => (
            <span key={outcome}>
              <OutcomeBadge status={outcome} /> {COUNT.format(count)}
            </span>
          ))}
        <span>{nameZone(zone, new Date(question.now))}</span>
        {display.hasChart && (
          <Anchor
            component="button"
            size="xs"
            mih={24}
            onClick={() => setNumbers(!hasNumbers)}
            aria-expanded={hasNumbers}
          >
            {hasNumbers ? 'Hide numbers' : 'Show numbers'}
          </Anchor>
        )}
      </div>
      {hasNumbers && bars !== undefined && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard (WCAG 2.1.1)
        <section className={styles['numbers']} tabIndex={0} aria-label="Numbers of the chart">
          <HistogramTable {...chart} bars={bars} zone={zone} />
        </section>
      )}
    </Stale>
  );
}

/** What is counted, where that is not all that the table has. */
function nounOf({ section, search }: ListState, { columns }: CountPlan, total: number): string {
  if (section === 'leads') return total === 1 ? 'lead' : 'leads';
  const isWhole = search.type?.every((type) => type !== 'filter' && type !== 'retry') === true;
  const noun = total === 1 ? 'event' : 'events';
  if (isWhole && !columns.includes('recipient')) return noun;
  return isWhole ? `${noun}, with later attempts` : `${noun}, not counting those of filter steps`;
}

function changeOfFrame({ start, end }: { start: number; end: number }): SearchChange {
  return { range: undefined, start: new Date(start).toISOString(), end: new Date(end).toISOString() };
}
