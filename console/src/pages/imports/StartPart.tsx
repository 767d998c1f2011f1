import { Button, Group, NumberInput, Stack, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { LeadImport } from '../../../../client/src/client.ts';
import { api } from '../../api/client.ts';
import { useMay } from '../../api/use-session.ts';
import { AskFirst } from '../../parts/AskFirst.tsx';
import { FormFault } from '../../parts/FormPanel.tsx';
import { formatCount } from '../../parts/format-number.ts';
import { Section } from '../../parts/Section.tsx';
import { useAddress } from '../../parts/use-address.ts';
import { useChange } from '../../parts/use-change.ts';
import { describeEta } from '../jobs/job-words.ts';
import { remember } from './remembered-columns.ts';

/** Rows a second that the API takes. */
const RATE_MAX = 500;
const KEYS = [['jobs'], ['lead-imports']];

/** How many leads, how fast; then the job has it. */
export function StartPart(given: { found: LeadImport; check: NonNullable<LeadImport['check']>; sourceName: string }) {
  const { found, check, sourceName } = given;
  const navigate = useNavigate();
  const [rate, setRate] = useState(found.rate);
  const rows = check.rows - check.rejected;
  const leads = `${formatCount(rows)} ${rows === 1 ? 'lead' : 'leads'}`;
  const start = useChange({
    run: () => api.startLeadImport(found.job.id, { rate }),
    keys: KEYS,
    said: 'The import has begun',
    done: () => {
      remember(`${found.flow_id} ${found.source_id}`, found.file.columns, window.localStorage);
      void navigate({ to: `/jobs/${found.job.id}` });
    },
  });
  const isRate = Number.isInteger(rate) && rate >= 1 && rate <= RATE_MAX;
  return (
    <Section title="Start">
      <Stack gap="sm" align="flex-start">
        <NumberInput
          label="Leads a second, at most"
          min={1}
          max={RATE_MAX}
          clampBehavior="none"
          hideControls
          allowDecimal={false}
          value={rate}
          onChange={(value) => setRate(Number(value))}
          error={isRate ? null : `Must be from 1 to ${RATE_MAX}.`}
          w={200}
        />
        <Text size="sm">
          {leads} of the source <bdi>{sourceName}</bdi>
          {isRate && rows > 0 && `, in ${describeEta(rows / rate)}`}. Deliveries, prices and caps are those of leads
          that the sender posts.
        </Text>
        {start.error && <FormFault error={start.error} />}
        <Group gap="sm">
          <Button onClick={() => start.mutate()} loading={start.isPending} disabled={rows === 0 || !isRate}>
            {rows === 0 ? 'No row can be imported' : `Import ${leads}`}
          </Button>
        </Group>
        <Discard id={found.job.id} />
      </Stack>
    </Section>
  );
}

function Discard({ id }: { id: string }) {
  const { change } = useAddress();
  const mayManage = useMay('jobs.manage');
  const discard = useChange({
    run: () => api.cancelJob(id),
    keys: KEYS,
    said: 'The import was discarded',
    done: () => change({ job: undefined }),
  });
  if (!mayManage) return null;
  return (
    <AskFirst
      button="Discard the import…"
      title="Discard this import?"
      verb="Discard import"
      run={() => discard.mutate()}
      isRunning={discard.isPending}
      error={discard.error}
    >
      Its file is deleted. No lead was submitted.
    </AskFirst>
  );
}
