import { Anchor } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type RefObject, useLayoutEffect, useRef, useState } from 'react';
import { entityNamesQuery } from '../../api/deliveries.ts';
import { flowNamesQuery } from '../../api/flows.ts';
import { ATTENTION_QUERIES, capsQuery, UNKNOWNS_MAX } from '../../api/overview.ts';
import { useMay, useSession } from '../../api/use-session.ts';
import { OutcomeBadge } from '../../parts/OutcomeBadge.tsx';
import { Widget, WidgetBody, WidgetError } from '../../parts/Widget.tsx';
import classes from './home.module.css';
import { type AttentionItem, listAttention } from './list-attention.ts';

const SHOWN_MAX = 6;
const HEIGHT = 96;

/** What needs somebody, the most urgent first; each part is read by itself, and one that cannot be read says so. */
export function Attention({ now }: { now: number }) {
  const { account } = useSession();
  const [isWhole, setWhole] = useState(false);
  const { parts, given } = useParts();
  const items = listAttention({ ...given, unknownsMax: UNKNOWNS_MAX, now, zone: account.time_zone });
  const isPending = parts.some(({ query }) => query.isLoading);
  const failed = parts.filter(({ query }) => query.error !== null && query.data === undefined);
  const shown = isWhole ? items : items.slice(0, SHOWN_MAX);
  const list = useRef<HTMLUListElement>(null);
  const room = useRoom(list, shown.length);
  const hasMore = room < items.length;
  const whole = { data: isPending ? undefined : shown, error: null, isPlaceholderData: false };
  return (
    <Widget
      title="Needs attention"
      aside={
        (hasMore || isWhole) && (
          <Anchor
            component="button"
            type="button"
            size="sm"
            mih={24}
            aria-expanded={isWhole}
            onClick={() => setWhole(!isWhole)}
          >
            {isWhole ? 'Show fewer' : `Show all ${items.length}`}
          </Anchor>
        )
      }
    >
      <WidgetBody<AttentionItem[]> query={whole as never} height={HEIGHT}>
        {(listed) => (
          <>
            {listed.length === 0 && failed.length === 0 && (
              <div className={classes['nothing']}>
                <OutcomeBadge status="done" word="Nothing needs attention" />
              </div>
            )}
            {listed.length > 0 && (
              <ul ref={list} className={classes['items']} data-whole={isWhole}>
                {listed.map((item, index) => (
                  <Item key={item.key} item={item} isOut={index >= room} />
                ))}
              </ul>
            )}
          </>
        )}
      </WidgetBody>
      {failed.map(({ name, query }) => (
        <div key={name} data-part={name}>
          <WidgetError error={query.error} again={() => void query.refetch()} />
        </div>
      ))}
    </Widget>
  );
}

/** How many items have room beside the numbers: those that are not in the first column have none (home.module.css). */
function useRoom(list: RefObject<HTMLElement | null>, count: number): number {
  const [room, setRoom] = useState(count);
  useLayoutEffect(() => {
    const element = list.current;
    if (element === null || count === 0) return setRoom(count);
    const items = [...element.children].filter((child) => child instanceof HTMLElement);
    const look = () => setRoom(items.filter(({ offsetLeft }) => offsetLeft === items[0]?.offsetLeft).length);
    const observer = new ResizeObserver(look);
    for (const each of [element, ...items]) observer.observe(each);
    look();
    return () => observer.disconnect();
  }, [list, count]);
  return room;
}

function Item({ item, isOut }: { item: AttentionItem; isOut: boolean }) {
  const { status, word, title, detail, to } = item;
  return (
    <li inert={isOut}>
      <span className={classes['what']}>
        <OutcomeBadge status={status} word={word} />
        {to === null ? (
          <bdi className={classes['title']}>{title}</bdi>
        ) : (
          <Anchor component={Link} to={to} inherit className={classes['title'] ?? ''}>
            <bdi>{title}</bdi>
          </Anchor>
        )}
      </span>
      <span className={classes['detail']}>
        <bdi>{detail}</bdi>
      </span>
    </li>
  );
}

/** What the person may read, each part by itself. */
function useParts() {
  const [leads, flows, keys, jobs, reports] = [
    useMay('leads.read'),
    useMay('flows.read'),
    useMay('keys.manage'),
    useMay('jobs.read'),
    useMay('reports.read'),
  ];
  const { data: names = [] } = useQuery({ ...flowNamesQuery, enabled: flows });
  const { data: entities } = useQuery({ ...entityNamesQuery, enabled: flows });
  const read = {
    health: useQuery({ ...ATTENTION_QUERIES.health, enabled: leads }),
    problems: useQuery({ ...ATTENTION_QUERIES.problems, enabled: leads }),
    unknowns: useQuery({ ...ATTENTION_QUERIES.unknowns, enabled: leads }),
    caps: useQuery({ ...capsQuery(), enabled: flows }),
    jobs: useQuery({ ...ATTENTION_QUERIES.jobs, enabled: jobs }),
    reports: useQuery({ ...ATTENTION_QUERIES.reports, enabled: reports }),
    keys: useQuery({ ...ATTENTION_QUERIES.keys, enabled: keys }),
  };
  return {
    parts: Object.entries(read).map(([name, query]) => ({ name, query })),
    given: {
      health: read.health.data,
      problems: read.problems.data,
      unknowns: read.unknowns.data,
      caps: read.caps.data,
      jobs: read.jobs.data,
      reports: read.reports.data,
      keys: read.keys.data,
      nameOf: (id: string) => names.find((flow) => flow.id === id)?.name ?? entities?.get(id) ?? id,
    },
  };
}
