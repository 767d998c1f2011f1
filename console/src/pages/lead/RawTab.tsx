import { Stack, Text, Title } from '@mantine/core';
import { CodeBlock } from '../../parts/CodeBlock.tsx';
import { HiddenValues, type Reveal } from './HiddenValues.tsx';
import { listExchanges } from './http-exchange.ts';
import styles from './lead.module.css';
import type { LeadToShow } from './lead-query.ts';

/** The HTTP of the lead: what came in and was answered, and each delivery. */
export function RawTab({ shown: { lead }, reveal }: { shown: LeadToShow; reveal: Reveal }) {
  if (!reveal.isRevealed) return <HiddenValues reveal={reveal} what="Requests and answers" />;
  const exchanges = listExchanges(lead.events);
  if (exchanges.length === 0) return <Text>No request is kept of this lead.</Text>;
  return (
    <Stack gap="lg" className={styles['tab']}>
      {exchanges.map(({ key, title, request, response, error, ms }) => (
        <section key={key}>
          <div className={styles['header']}>
            <Title order={2}>
              <bdi>{title}</bdi>
              {ms !== null && (
                <Text span c="dimmed" size="sm">
                  {' '}
                  {ms} ms
                </Text>
              )}
            </Title>
          </div>
          {request !== null && <CodeBlock label={`Request: ${title}`} code={request} />}
          {response !== null ? (
            <CodeBlock label={`Answer: ${title}`} code={response} />
          ) : (
            <Text size="sm" c="var(--error)">
              No answer came{error === null ? '.' : `: ${error}.`}
            </Text>
          )}
        </section>
      ))}
    </Stack>
  );
}
