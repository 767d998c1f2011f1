import { Button } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { type Event, SluiceError } from '../../../../client/src/client.ts';
import type { Integration } from '../../../../src/model/mapping.ts';
import { api } from '../../api/client.ts';
import { listExchanges } from '../../pages/lead/http-exchange.ts';
import { CodeBlock } from '../../parts/CodeBlock.tsx';
import { describeError } from '../../parts/ErrorState.tsx';
import { FaultAlert } from '../../parts/FaultAlert.tsx';
import { Sentence } from '../../parts/Sentence.tsx';
import type { EditorNames } from '../part-props.ts';
import { buildPreview } from './build-preview.ts';
import type { SampledVars } from './mapping-editing.ts';
import styles from './mappings.module.css';

interface RequestPreviewProps {
  integration: Integration;
  path: string;
  names: EditorNames;
  sampled: SampledVars;
}

const PAUSE_MS = 500;

/** The request that this delivery would send for the lead, as the server builds it. Nothing is sent. */
export function RequestPreview({ integration, path, names, sampled }: RequestPreviewProps) {
  const [isOpen, setOpen] = useState(false);
  const preview = useMemo(() => buildPreview(names.document, path, integration), [names.document, path, integration]);
  const [asked] = useDebouncedValue(
    useMemo(() => ({ preview, lead: sampled.vars.lead }), [preview, sampled.vars.lead]),
    PAUSE_MS,
  );
  const isAsked = isOpen && 'flow' in asked.preview;
  const { data, error, isFetching } = useQuery({
    queryKey: ['request-preview', names.flowId, asked],
    queryFn: async ({ signal }) => {
      if (!('flow' in asked.preview)) return undefined;
      const { flow, source, key } = asked.preview;
      const { lead } = await api.evaluateFlow(names.flowId, { flow, source, values: asked.lead }, { signal });
      return readRequest(lead?.events ?? [], key);
    },
    enabled: isAsked,
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 0,
  });
  return (
    <section className={styles['preview']} aria-label="Request that would be sent">
      <div className={styles['titleLine']}>
        <h3>Request that would be sent</h3>
        <Button variant="default" size="compact-sm" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? 'Close' : 'Show the request'}
        </Button>
      </div>
      {isOpen && (
        <>
          <p className={styles['note']}>
            {sampled.isExample ? 'With example values.' : 'With your lead.'} Recipients above are taken to accept it.
            Nothing is sent.
          </p>
          {!('flow' in preview) && (
            <p className={styles['note']}>
              <Sentence text={preview.reason} />
            </p>
          )}
          {error && 'flow' in preview && (
            <FaultAlert title="There is no request yet">{describeFault(error)}</FaultAlert>
          )}
          {!error && data && 'flow' in preview && (
            <div aria-busy={isFetching}>
              {data.reason !== undefined && (
                <p className={styles['fault']}>
                  Nothing would be sent: <bdi>{data.reason}</bdi>
                </p>
              )}
              {data.requests.map((request) => (
                <CodeBlock key={request} label="Request" code={request} />
              ))}
              {data.reason === undefined && data.requests.length === 0 && (
                <p className={styles['note']}>
                  The module connects by itself; what it sends is known once it has been sent.
                </p>
              )}
            </div>
          )}
        </>
      )}
    </section>
  );
}

/** Of the event of the delivery: its requests, or why there is none. */
function readRequest(events: readonly Event[], key: string): { requests: string[]; reason?: string } {
  const event =
    events.findLast((each) => each.type === 'recipient' && each.key === key) ??
    events.findLast(({ type }) => type === 'recipient');
  if (event === undefined) return { requests: [], reason: events.at(-1)?.reason ?? 'the lead does not come so far' };
  const requests = listExchanges([event]).flatMap(({ request }) => request ?? []);
  if (requests.length > 0) return { requests };
  return event.outcome === 'success' ? { requests } : { requests, reason: event.reason ?? event.outcome };
}

function describeFault(error: Error): string {
  const [first] = error instanceof SluiceError ? error.details : [];
  return first === undefined ? describeError(error).text : `${first.message} (${first.path})`;
}
