import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { capWindowsQuery } from '../../api/caps.ts';
import { useMay } from '../../api/use-session.ts';
import { Use, WindowMaximum } from '../../editor/caps/CapUse.tsx';
import { formatCount } from '../../editor/caps/describe-cap.ts';
import { formatWindow } from '../../editor/sentence/format-window.ts';
import { DataTable } from '../../parts/DataTable.tsx';
import { describeError } from '../../parts/ErrorState.tsx';
import { FaultAlert } from '../../parts/FaultAlert.tsx';
import { SidePanel } from '../../parts/FormPanel.tsx';
import { formatMoney } from '../../parts/format-money.ts';
import type { CapRow } from './cap-rows.ts';

/** One cap: what is used, another maximum for this window, when it fills, and how its last windows ended. */
export function CapPanel({ row, close }: { row: CapRow; close(): void }) {
  const { kind, name, phrase, flowId, flowName, ownerName, panel, counter } = row;
  const mayWrite = useMay('flows.write');
  return (
    <SidePanel title={kind === 'cap' ? 'Cap' : 'Ping limit'} name={name} size="lg" close={close}>
      <Stack gap="lg">
        <Text c="dimmed" size="sm">
          {phrase}, {counter.time_zone}. Of {ownerName === null ? 'all sources of' : <bdi>{ownerName}</bdi>}
          {ownerName === null ? ' ' : ' in '}
          <bdi>{flowName}</bdi>.
        </Text>
        <Use counter={counter} name={name}>
          <WindowMaximum kind={kind} counter={counter} name={name} isMoney={counter.type === 'revenue'} />
        </Use>
        <Group gap="sm">
          <Button
            variant="default"
            renderRoot={(props) => (
              <Link
                {...props}
                to="/flows/$flowId/edit/$part"
                params={{ flowId, part: panel?.split('.')[0] ?? 'caps' }}
                search={panel === null ? {} : { panel }}
              />
            )}
          >
            {mayWrite ? 'Edit it in the flow' : 'Show it in the flow'}
          </Button>
        </Group>
        {counter.forecast && <Forecast row={row} />}
        {kind === 'cap' && <Windows row={row} />}
      </Stack>
    </SidePanel>
  );
}

function Forecast({ row: { counter } }: { row: CapRow }) {
  const { forecast } = counter;
  if (forecast === undefined) return null;
  const show = counter.type === 'revenue' ? formatMoney : formatCount;
  const { expected_count: expected, expected_low: low, expected_high: high, basis, windows, reason } = forecast;
  return (
    <section aria-labelledby="forecast">
      <Title order={3} id="forecast" mb={4}>
        Forecast
      </Title>
      {expected === null ? (
        <Text size="sm">{reason ?? 'There is none yet.'}</Text>
      ) : (
        <Text size="sm">
          By the end of the window {show(expected)} are wanted, of {show(counter.maximum)}
          {low !== null && high !== null && ` (${show(low)} to ${show(high)})`}.{' '}
          {basis === 'closed_windows'
            ? `That is what came in the last ${windows} windows, as if leads came evenly.`
            : 'That is the rate of this window so far, as if leads came evenly.'}
        </Text>
      )}
    </section>
  );
}

function Windows({ row: { id, counter } }: { row: CapRow }) {
  const { data: windows, error } = useQuery(capWindowsQuery(id));
  const show = counter.type === 'revenue' ? formatMoney : formatCount;
  return (
    <section aria-labelledby="windows">
      <Title order={3} id="windows" mb={4}>
        Earlier windows
      </Title>
      {error && <FaultAlert>{describeError(error).text}</FaultAlert>}
      {windows?.length === 0 && (
        <Text size="sm" c="dimmed">
          None yet. A window without leads has no count, and counts from before the last change of its rules are left
          out.
        </Text>
      )}
      {windows !== undefined && windows.length > 0 && (
        <DataTable
          caption="Earlier windows"
          rows={windows}
          getKey={({ started_at }) => started_at}
          columns={[
            {
              key: 'window',
              header: 'Window',
              wraps: true,
              cell: ({ started_at, ended_at }) =>
                formatWindow(new Date(started_at), new Date(ended_at), counter.time_zone),
            },
            { key: 'used', header: 'Used', isNumber: true, cell: ({ count }) => show(count) },
            {
              key: 'of',
              header: 'Own maximum',
              isNumber: true,
              cell: ({ window_maximum }) => (window_maximum === null ? '' : show(window_maximum)),
            },
            {
              key: 'refused',
              header: 'Refused',
              isNumber: true,
              cell: ({ failed_count }) => formatCount(failed_count),
            },
          ]}
        />
      )}
    </section>
  );
}
