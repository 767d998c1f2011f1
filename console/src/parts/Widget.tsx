import { Anchor, Skeleton, Text, Title } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useId } from 'react';
import { Delayed } from './Delayed.tsx';
import { describeError } from './ErrorState.tsx';
import { Sentence } from './Sentence.tsx';
import { Stale } from './Stale.tsx';
import classes from './Widget.module.css';

/** A part of a page with a heading of its own, and beside it where there is more. */
export function Widget({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={classes['widget']}>
      <div className={classes['head']}>
        <Title order={2} id={id}>
          {title}
        </Title>
        {aside}
      </div>
      {children}
    </section>
  );
}

/**
 * What was read, in room that is kept for it (`height`, px), so that nothing moves when it comes. It fails by itself: the
 * rest of the page stays. What was read before is shown until it can be read again.
 */
export function WidgetBody<Read>(given: {
  query: UseQueryResult<Read>;
  height: number;
  children: (read: Read) => ReactNode;
}) {
  const { query, height, children } = given;
  const { data, error, isPlaceholderData } = query;
  return (
    <Stale isStale={isPlaceholderData} style={{ minHeight: height }}>
      {data !== undefined && children(data)}
      {data === undefined && error === null && (
        <Delayed>
          <Skeleton height={height - 8} />
        </Delayed>
      )}
      {error !== null && <WidgetError error={error} again={() => void query.refetch()} />}
    </Stale>
  );
}

export function WidgetError({ error, again }: { error: unknown; again: () => void }) {
  const { title, text } = describeError(error);
  return (
    <div role="alert" className={classes['fault']}>
      <Text size="sm">
        <strong>{title}.</strong> <Sentence text={text} />
      </Text>
      <Anchor component="button" type="button" size="sm" mih={24} onClick={again}>
        Try again
      </Anchor>
    </div>
  );
}
