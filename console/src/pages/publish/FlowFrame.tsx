import { Anchor, Stack, Text, Title } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { SluiceError } from '../../../../client/src/client.ts';
import type { FlowFacts } from '../../api/flows.ts';
import { ErrorState } from '../../parts/ErrorState.tsx';
import { FlowNav } from '../../parts/FlowNav.tsx';
import { useTitle } from '../../parts/use-title.ts';
import styles from './publish.module.css';

interface FlowFrameProps {
  flowId: string;
  flow: UseQueryResult<FlowFacts>;
  /** `History`, `Publish`, `Test`: of the title of the document. */
  page: string;
  /** Of that page, what is shown. */
  part?: string;
  skeleton: ReactNode;
  children: (flow: FlowFacts) => ReactNode;
}

/** A page of one flow: the pages beside it, and what is shown while the flow is read, when there is none, and when that fails. */
export function FlowFrame({ flowId, flow, page, part, skeleton, children }: FlowFrameProps) {
  const { data, error, refetch } = flow;
  useTitle(...(part === undefined ? [] : [part]), page, data?.name ?? 'Flow', 'Flows');
  if (error instanceof SluiceError && (error.status === 404 || error.status === 400)) return <NoFlow flowId={flowId} />;
  return (
    <Stack gap="sm">
      <FlowNav flowId={flowId} />
      {data !== undefined ? (
        children(data)
      ) : error ? (
        <>
          <Title order={1}>{page}</Title>
          <ErrorState error={error} reset={() => void refetch()} />
        </>
      ) : (
        skeleton
      )}
    </Stack>
  );
}

function NoFlow({ flowId }: { flowId: string }) {
  return (
    <Stack align="flex-start" gap="sm" maw={640}>
      <Title order={1}>There is no such flow</Title>
      <Text>
        No flow of this account has the id <code className={styles['long']}>{flowId.slice(0, 40)}</code>. It was
        removed, or the id is mistyped.
      </Text>
      <Anchor component={Link} to="/flows">
        Find a flow
      </Anchor>
    </Stack>
  );
}
