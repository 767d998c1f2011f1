import { Button, Table } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type Replay, SluiceError } from '../../../../client/src/client.ts';
import type { FlowDocument } from '../../../../src/model/flow.ts';
import { sessionQuery } from '../../api/session.ts';
import { describeError } from '../../parts/ErrorState.tsx';
import { LeadLink } from '../../parts/LeadLink.tsx';
import { Money } from '../../parts/Money.tsx';
import { OutcomeBadge } from '../../parts/OutcomeBadge.tsx';
import { ScrollSideways } from '../../parts/ScrollSideways.tsx';
import { Sentence } from '../../parts/Sentence.tsx';
import { Time } from '../../parts/Time.tsx';
import { describeReplay, listCaveats } from './describe-replay.ts';
import styles from './rules.module.css';
import { useReplay } from './use-replay.ts';

interface FlipCounterProps {
  flowId: string;
  /** The draft. */
  document: FlowDocument;
}

/** How many of the last leads would end otherwise with this document, and which. Nothing is written or sent for it. */
export function FlipCounter({ flowId, document }: FlipCounterProps) {
  const { data: session } = useQuery(sessionQuery);
  const mayRead = session?.permissions.includes('leads.read') ?? false;
  const { data, error, isBehind, refetch } = useReplay(flowId, document, { isEnabled: mayRead });
  const [isOpen, setOpen] = useState(false);
  if (!mayRead) return null;
  return (
    <section className={styles['flips']} aria-label="Effect on the last leads" data-behind={isBehind}>
      <p className={styles['flipLine']}>
        <span role="status">
          {error ? (
            <Sentence text={describeFault(error)} />
          ) : data === undefined ? (
            'Trying the last leads …'
          ) : (
            describeReplay(data)
          )}
        </span>
        {isBehind && data !== undefined && <span className={styles['note']}>Trying again …</span>}
        {error && (
          <Button variant="subtle" size="compact-sm" onClick={() => void refetch()}>
            Try again
          </Button>
        )}
        {!error && data !== undefined && data.flipped > 0 && (
          <Button variant="subtle" size="compact-sm" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {isOpen ? 'Hide them' : 'Show them'}
          </Button>
        )}
      </p>
      {isOpen && !error && data !== undefined && data.flipped > 0 && <Flips replay={data} />}
    </section>
  );
}

function describeFault(error: Error): string {
  if (!(error instanceof SluiceError)) return describeError(error).text;
  const [first] = error.details;
  if (error.status === 422) return `The last leads can be tried once the draft can run. ${first?.message ?? ''}`.trim();
  return error.message;
}

const ROWS = [
  ['success', 'Success'],
  ['failure', 'Failure'],
  ['error', 'Error'],
  ['not_taken', 'Not taken'],
] as const;
const MONEY = [
  ['revenue', 'Revenue'],
  ['cost', 'Cost'],
  ['profit', 'Profit'],
] as const;

function Flips({ replay }: { replay: Replay }) {
  const { before, after, samples, flipped } = replay;
  const rows = ROWS.filter(([name]) => before[name] > 0 || after[name] > 0);
  return (
    <div className={styles['flipTables']}>
      <ScrollSideways label="Before and after, a table">
        <Table verticalSpacing={4} aria-label="Before and after">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Leads</Table.Th>
              <Table.Th scope="col" ta="right">
                As it runs now
              </Table.Th>
              <Table.Th scope="col" ta="right">
                With the draft
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(([name, word]) => (
              <Table.Tr key={name}>
                <Table.Th scope="row" fw={400}>
                  <OutcomeBadge status={name} word={word} />
                </Table.Th>
                <Table.Td ta="right">{before[name]}</Table.Td>
                <Table.Td ta="right">{after[name]}</Table.Td>
              </Table.Tr>
            ))}
            {MONEY.map(([name, word]) => (
              <Table.Tr key={name}>
                <Table.Th scope="row" fw={400}>
                  {word}
                </Table.Th>
                <Table.Td ta="right">
                  <Money dollars={before[name]} />
                </Table.Td>
                <Table.Td ta="right">
                  <Money dollars={after[name]} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollSideways>
      {listCaveats(replay).map((caveat) => (
        <p key={caveat} className={styles['note']}>
          {caveat}
        </p>
      ))}
      <ScrollSideways label="Leads that would end otherwise, a table">
        <Table verticalSpacing={4} aria-label="Leads that would end otherwise">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Lead</Table.Th>
              <Table.Th scope="col">Source</Table.Th>
              <Table.Th scope="col">As it runs now</Table.Th>
              <Table.Th scope="col">With the draft</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {samples.map(({ lead_id: id, submitted_at: at, source, before: was, after: is }) => (
              <Table.Tr key={id}>
                <Table.Td>
                  <LeadLink id={id}>
                    <Time at={at} />
                  </LeadLink>
                </Table.Td>
                <Table.Td className={styles['long']}>
                  <bdi>{source.name ?? source.id}</bdi>
                </Table.Td>
                <EndCell end={was} />
                <EndCell end={is} />
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollSideways>
      {flipped > samples.length && (
        <p className={styles['note']}>
          The newest {samples.length} of {flipped}.
        </p>
      )}
    </div>
  );
}

function EndCell({ end: { outcome, reason } }: { end: Replay['samples'][number]['before'] }) {
  return (
    <Table.Td className={styles['long']}>
      <OutcomeBadge status={outcome} {...(outcome === 'not_taken' && { word: 'Not taken' })} />{' '}
      {reason !== null && <bdi className={styles['note']}>{reason}</bdi>}
    </Table.Td>
  );
}
