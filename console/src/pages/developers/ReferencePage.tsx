import { Anchor, Skeleton, Stack, VisuallyHidden } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useCallback, useDeferredValue, useEffect, useMemo, useRef } from 'react';
import { Delayed } from '../../parts/Delayed.tsx';
import { EmptyState } from '../../parts/EmptyState.tsx';
import { ErrorState } from '../../parts/ErrorState.tsx';
import { PageHeader } from '../../parts/PageHeader.tsx';
import { useAddress } from '../../parts/use-address.ts';
import { useTitle } from '../../parts/use-title.ts';
import { useLetterKeys } from '../../shell/use-letter-keys.ts';
import { DeveloperTabs } from './DeveloperTabs.tsx';
import classes from './developers.module.css';
import { EveryCall } from './EveryCall.tsx';
import { findOperations } from './find-operations.ts';
import { OperationList } from './OperationList.tsx';
import { OperationView } from './OperationView.tsx';
import type { Reference } from './read-reference.ts';
import { referenceQuery } from './reference-query.ts';

const TEXT = 'Every operation of this server, as its own OpenAPI document describes it.';

/** The API, one operation at a time. The address has which (`operation`) and what is looked for (`q`). */
export function ReferencePage() {
  const { data: reference, error, refetch } = useQuery(referenceQuery);
  const { search } = useAddress();
  const { operation } = search;
  useTitle(operation ?? 'API reference', 'Developers');
  return (
    <>
      <PageHeader title="API reference" text={TEXT}>
        <Anchor href="/openapi.json" download="openapi.json" size="sm">
          Download openapi.json
        </Anchor>
      </PageHeader>
      <DeveloperTabs />
      {reference !== undefined ? (
        <Operations reference={reference} />
      ) : error ? (
        <ErrorState error={error} reset={() => void refetch()} />
      ) : (
        <Loading />
      )}
    </>
  );
}

function Operations({ reference: { groups, operations, schemas } }: { reference: Reference }) {
  const { search, change } = useAddress();
  const { operation: open, q: wanted = '' } = search;
  const looked = useDeferredValue(wanted);
  const found = useMemo(() => findOperations(groups, looked), [groups, looked]);
  const { heading, choose } = useChoice();
  const find = useCallback((q: string) => change({ q }, { replace: true }), [change]);
  useNeighbours({ names: found.flatMap((group) => group.operations.map(({ name }) => name)), open, choose });
  const operation = operations.find(({ name }) => name === open);
  const isWide = useMediaQuery('(min-width: 62em)', true, { getInitialValueInEffect: false });
  const isListed = isWide || open === undefined;
  return (
    <div className={classes['columns']}>
      {isListed && (
        <div className={classes['side']}>
          {!isWide && (
            <Anchor href="#every-call" size="sm" display="block" mb="sm">
              What holds for every call
            </Anchor>
          )}
          <OperationList {...{ groups: found, total: operations.length, wanted, find, open, choose }} />
        </div>
      )}
      <div className={classes['main']} id="every-call">
        {open !== undefined && (
          <Anchor component={Link} to="/developers" search={(wanted === '' ? {} : { q: wanted }) as never} size="sm">
            {isWide ? 'What holds for every call' : 'All operations'}
          </Anchor>
        )}
        {operation !== undefined ? (
          <OperationView key={operation.name} {...{ operation, schemas, heading }} />
        ) : open !== undefined ? (
          <NoOperation name={open} />
        ) : (
          <EveryCall />
        )}
      </div>
    </div>
  );
}

/** Opens an operation; the focus goes to it once it is there, but not when the page opens with it. */
function useChoice() {
  const { search, change } = useAddress();
  const heading = useRef<HTMLHeadingElement>(null);
  const isChosen = useRef(false);
  const { operation } = search;
  const choose = useCallback(
    (name: string) => {
      isChosen.current = true;
      change({ operation: name });
    },
    [change],
  );
  useEffect(() => {
    if (isChosen.current && operation !== undefined) heading.current?.focus({ preventScroll: true });
    isChosen.current = false;
  }, [operation]);
  return { heading, choose };
}

/** j and k go to the next one of the list and to the one before. */
function useNeighbours(given: {
  names: readonly string[];
  open: string | undefined;
  choose(name: string): void;
}): void {
  const { names, open, choose } = given;
  const go = (step: number) => () => {
    const at = open === undefined ? -1 : names.indexOf(open);
    const next = names[at === -1 ? 0 : at + step];
    if (next !== undefined) choose(next);
  };
  useLetterKeys({ j: go(1), k: go(-1) });
}

function NoOperation({ name }: { name: string }) {
  return (
    <EmptyState
      title="There is no such operation"
      text={`This server has none with the name ${name}. Another version may have it, or the address is mistyped.`}
    >
      <Anchor component={Link} to="/developers">
        Show all operations
      </Anchor>
    </EmptyState>
  );
}

const SKELETON_ENTRIES = 12;

function Loading() {
  return (
    <Delayed>
      <div className={classes['columns']} aria-busy="true">
        <VisuallyHidden>Loading</VisuallyHidden>
        <Stack className={classes['side'] ?? ''} gap="sm">
          {Array.from({ length: SKELETON_ENTRIES }, (_, row) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows of a skeleton are all alike
            <Skeleton key={row} height={40} radius="sm" />
          ))}
        </Stack>
        <Stack className={classes['main'] ?? ''} gap="md">
          <Skeleton height={28} width="50%" radius="sm" />
          <Skeleton height={120} radius="sm" />
          <Skeleton height={240} radius="sm" />
        </Stack>
      </div>
    </Delayed>
  );
}
