import { Anchor, Group, Stack, Title } from '@mantine/core';
import { type UseQueryOptions, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { SluiceError } from '../../../client/src/client.ts';
import { useMay } from '../api/use-session.ts';
import { capitalize } from './capitalize.ts';
import { EmptyState } from './EmptyState.tsx';
import { ErrorState } from './ErrorState.tsx';
import { NoPermission } from './NoPermission.tsx';
import { TableSkeleton } from './TableSkeleton.tsx';
import { useTitle } from './use-title.ts';

interface DetailFrameProps<Thing> {
  /** The list it is from. */
  parent: { to: string; title: string };
  /** `list`. */
  noun: string;
  permission: string;
  // biome-ignore lint/suspicious/noExplicitAny: the key is of no matter here
  query: UseQueryOptions<Thing, Error, Thing, any>;
  nameOf(thing: Thing): string;
  /** Beside the name. */
  badge?(thing: Thing): ReactNode;
  actions?(thing: Thing): ReactNode;
  children(thing: Thing): ReactNode;
}

const SKELETON_ROWS = 6;

/** The frame of the page of one thing: the way back, its name, actions, and every state of it. */
export function DetailFrame<Thing>(given: DetailFrameProps<Thing>) {
  const { parent, noun, permission } = given;
  const mayRead = useMay(permission);
  if (!mayRead)
    return (
      <Stack gap="sm">
        <Heading {...{ parent, name: capitalize(noun) }} />
        <NoPermission what={parent.title.toLowerCase()} permission={permission} />
      </Stack>
    );
  return <Details {...given} />;
}

function Details<Thing>(given: DetailFrameProps<Thing>) {
  const { parent, noun, query, nameOf, badge, actions, children } = given;
  const { data: thing, error, refetch } = useQuery(query);
  const isGone = error instanceof SluiceError && error.status === 404;
  if (thing === undefined)
    return (
      <Stack gap="sm">
        <Heading
          parent={parent}
          name={isGone ? `There is no such ${noun}` : capitalize(noun)}
          title={capitalize(noun)}
        />
        {isGone ? (
          <EmptyState title="It was removed, or the address is mistyped" text={error.message}>
            <Anchor component={Link} to={parent.to}>
              Find it among {parent.title.toLowerCase()}
            </Anchor>
          </EmptyState>
        ) : error ? (
          <ErrorState error={error} reset={() => void refetch()} />
        ) : (
          <TableSkeleton rows={SKELETON_ROWS} />
        )}
      </Stack>
    );
  return (
    <Stack gap="lg">
      <Heading {...{ parent, name: nameOf(thing) }} badge={badge?.(thing)}>
        {actions?.(thing)}
      </Heading>
      {children(thing)}
    </Stack>
  );
}

function Heading(given: {
  parent: { to: string; title: string };
  name: string;
  title?: string;
  badge?: ReactNode;
  children?: ReactNode;
}) {
  const { parent, name, title = name, badge, children } = given;
  useTitle(title, parent.title);
  return (
    <div>
      <Anchor component={Link} to={parent.to} size="sm">
        {parent.title}
      </Anchor>
      <Group justify="space-between" align="flex-start" gap="md">
        <Group gap="sm" miw={0}>
          <Title order={1} style={LONG}>
            <bdi>{name}</bdi>
          </Title>
          {badge}
        </Group>
        {children !== undefined && <Group gap="sm">{children}</Group>}
      </Group>
    </div>
  );
}

const LONG = { overflowWrap: 'anywhere' } as const;
