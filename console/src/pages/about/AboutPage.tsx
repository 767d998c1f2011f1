import { Anchor, List, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { statusQuery } from '../../api/account.ts';
import { ErrorState } from '../../parts/ErrorState.tsx';
import { Facts } from '../../parts/Facts.tsx';
import { FaultAlert } from '../../parts/FaultAlert.tsx';
import { OutcomeBadge } from '../../parts/OutcomeBadge.tsx';
import { PageHeader } from '../../parts/PageHeader.tsx';
import { Section } from '../../parts/Section.tsx';
import { TableSkeleton } from '../../parts/TableSkeleton.tsx';
import { Time } from '../../parts/Time.tsx';
import { useTitle } from '../../parts/use-title.ts';
import { SettingsTabs } from '../settings/SettingsTabs.tsx';

/** Which server this is, and whether it takes leads. */
export function AboutPage() {
  useTitle('About', 'Settings');
  return (
    <>
      <PageHeader title="About" text="Which server this is, and whether it takes leads." />
      <SettingsTabs />
      <Stack gap="xl">
        <Server />
        <Section title="Licence">
          <Text maw="75ch" size="sm">
            Sluice is free software under the Apache License, Version 2.0. The files LICENSE and NOTICE beside the
            server have the whole text and the notices of others;{' '}
            <Anchor href="/docs/dependencies" inherit underline="always">
              Dependencies
            </Anchor>{' '}
            lists each part with its licence.
          </Text>
          <List size="sm" spacing={4}>
            {PARTS.map(([name, licence]) => (
              <List.Item key={name}>
                {name}: {licence}
              </List.Item>
            ))}
          </List>
        </Section>
      </Stack>
    </>
  );
}

/** What the console itself is made of. */
const PARTS = [
  ['React, Mantine, TanStack Query and Router, Tabler icons', 'MIT'],
  ['Fastify, node-postgres, Graphile Worker, Pino', 'MIT'],
  ['PostgreSQL', 'PostgreSQL Licence'],
] as const;

function Server() {
  const { data: status, error, refetch } = useQuery(statusQuery);
  if (status === undefined)
    return error ? <ErrorState error={error} reset={() => void refetch()} /> : <TableSkeleton rows={3} />;
  const { version, status: state, problems } = status;
  return (
    <Section title="Server">
      <Facts
        facts={[
          ['Version', version],
          ['Address', window.location.origin],
          [
            'State',
            <OutcomeBadge
              key="state"
              status={state === 'ok' ? 'success' : 'error'}
              word={state === 'ok' ? 'Takes leads' : 'Takes no leads'}
            />,
          ],
        ]}
      />
      {problems.map(({ check, message, remedy, since }) => (
        <FaultAlert key={check} title={message}>
          {remedy} Since <Time at={since} />.
        </FaultAlert>
      ))}
    </Section>
  );
}
