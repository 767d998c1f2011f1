import { Button, Group, NumberInput, Radio, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type Account, accountQuery, type KeptPeriod, periodsQuery } from '../../api/account.ts';
import { api } from '../../api/client.ts';
import { useMay } from '../../api/use-session.ts';
import { AskFirst } from '../../parts/AskFirst.tsx';
import { type Column, DataTable } from '../../parts/DataTable.tsx';
import { ErrorState } from '../../parts/ErrorState.tsx';
import { Facts } from '../../parts/Facts.tsx';
import { FormFault } from '../../parts/FormPanel.tsx';
import { findFieldErrors } from '../../parts/find-field-errors.ts';
import { NoPermission } from '../../parts/NoPermission.tsx';
import { PageHeader } from '../../parts/PageHeader.tsx';
import { Section } from '../../parts/Section.tsx';
import { TableSkeleton } from '../../parts/TableSkeleton.tsx';
import { Time } from '../../parts/Time.tsx';
import { useChange } from '../../parts/use-change.ts';
import { useTitle } from '../../parts/use-title.ts';
import { SettingsTabs } from '../settings/SettingsTabs.tsx';
import { describeDays, VALUES } from './kept.ts';

/** How long what is kept. */
export function RetentionPage() {
  useTitle('Retention', 'Settings');
  const mayRead = useMay('flows.read');
  return (
    <>
      <PageHeader title="Retention" text="How long leads are kept. Each night deletes what is past its period." />
      <SettingsTabs />
      {mayRead ? <Periods /> : <NoPermission what="retention" permission="flows.read" />}
    </>
  );
}

function Periods() {
  const { data: account, error, refetch } = useQuery(accountQuery);
  const mayManage = useMay('account.manage');
  if (account === undefined)
    return error ? <ErrorState error={error} reset={() => void refetch()} /> : <TableSkeleton rows={6} />;
  const { data_retention_in_days: values, facts_retention_in_days: facts, data_truncated_at: truncated } = account;
  return (
    <Stack gap="xl">
      <Section title="Periods">
        <Facts
          facts={[
            ['Personal data', describeDays(values)],
            ['Outcomes, prices and times', describeDays(facts)],
            ['No values before', truncated === null ? 'Nothing was deleted yet' : <Time key="cut" at={truncated} />],
          ]}
        />
        {mayManage ? (
          <PeriodForm account={account} />
        ) : (
          <Text size="sm" c="dimmed">
            Changing the periods takes the permission account.manage. An owner can give you another role.
          </Text>
        )}
      </Section>
      <Section title="What is kept for how long">
        <KeptTable />
      </Section>
    </Stack>
  );
}

const COLUMNS: readonly Column<KeptPeriod>[] = [
  { key: 'what', header: 'What', wraps: true, cell: ({ what }) => what },
  { key: 'kept', header: 'Kept', wraps: 'wide', cell: ({ kept }) => `${kept.charAt(0).toUpperCase()}${kept.slice(1)}` },
  { key: 'values', header: 'Personal data', cell: ({ values_of_people }) => VALUES[values_of_people] },
];

function KeptTable() {
  const { data: periods, error, refetch } = useQuery(periodsQuery);
  if (periods === undefined)
    return error ? <ErrorState error={error} reset={() => void refetch()} /> : <TableSkeleton rows={12} />;
  return <DataTable caption="What is kept for how long" columns={COLUMNS} rows={periods} getKey={({ what }) => what} />;
}

const DAYS_MIN = 1;
const DAYS_MAX = 3_650;

function PeriodForm({ account }: { account: Account }) {
  const { data_retention_in_days: valuesBefore, facts_retention_in_days: factsBefore } = account;
  const [values, setValues] = useState<number | string>(valuesBefore);
  const [isLonger, setLonger] = useState(factsBefore > valuesBefore);
  const [facts, setFacts] = useState<number | string>(factsBefore);
  const save = useChange({
    run: () =>
      api.changeAccount({
        data_retention_in_days: Number(values),
        facts_retention_in_days: isLonger ? Number(facts) : null,
      }),
    keys: [accountQuery.queryKey],
    said: 'The periods were changed',
  });
  const faults = findFieldErrors(save.error);
  const newFacts = isLonger ? Number(facts) : Number(values);
  const isShorter = Number(values) < valuesBefore || newFacts < factsBefore;
  const isChanged = Number(values) !== valuesBefore || newFacts !== factsBefore;
  return (
    <form
      aria-label="Periods"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isShorter) save.mutate();
      }}
    >
      <Stack gap="md" maw={480}>
        <NumberInput
          label="Personal data, days"
          description="What was submitted, requests and answers."
          value={values}
          onChange={setValues}
          error={faults['data_retention_in_days']}
          min={DAYS_MIN}
          max={DAYS_MAX}
          allowDecimal={false}
          hideControls
        />
        <Radio.Group
          label="Outcomes, prices and times"
          value={isLonger ? 'longer' : 'same'}
          onChange={(value) => setLonger(value === 'longer')}
        >
          <Stack gap="xs" mt="xs">
            <Radio value="same" label="As long as the values" />
            <Radio value="longer" label="Longer, without values" />
          </Stack>
        </Radio.Group>
        {isLonger && (
          <NumberInput
            label="Outcomes, prices and times, days"
            value={facts}
            onChange={setFacts}
            error={faults['facts_retention_in_days']}
            min={DAYS_MIN}
            max={DAYS_MAX}
            allowDecimal={false}
            hideControls
          />
        )}
        {save.error && !isShorter && <FormFault error={save.error} />}
        <Group>
          {isShorter ? (
            <AskFirst
              button="Shorten periods…"
              title="Shorten the periods?"
              verb="Shorten periods"
              keep="Change nothing"
              run={() => save.mutate()}
              isRunning={save.isPending}
              error={save.error}
            >
              The next night deletes what is older. A longer period later brings nothing back.
            </AskFirst>
          ) : (
            <Button type="submit" loading={save.isPending} disabled={!isChanged}>
              Save periods
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  );
}
