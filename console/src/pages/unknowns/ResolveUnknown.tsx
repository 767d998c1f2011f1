import { Button, Checkbox, Group, Modal, NumberInput, Radio, Stack, Text, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import type { UnknownDelivery } from '../../api/deliveries.ts';
import { announce } from '../../parts/announce.ts';
import { describeError } from '../../parts/ErrorState.tsx';
import { FaultAlert } from '../../parts/FaultAlert.tsx';
import { formatMoney } from '../../parts/format-money.ts';

type Resolution = NonNullable<UnknownDelivery['resolution']>;
const NOTE_MAX = 1_000;

/** Somebody asked the recipient, and says what became of the delivery. */
export function ResolveUnknown({ unknown, recipient }: { unknown: UnknownDelivery; recipient: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button size="compact-sm" variant="default" onClick={() => setOpen(true)}>
        Resolve…
      </Button>
      <Modal opened={isOpen} onClose={() => setOpen(false)} title="Resolve the delivery" centered>
        {isOpen && <ResolveForm {...{ unknown, recipient, close: () => setOpen(false) }} />}
      </Modal>
    </>
  );
}

function ResolveForm(given: { unknown: UnknownDelivery; recipient: string; close: () => void }) {
  const { unknown, recipient, close } = given;
  const queries = useQueryClient();
  const [resolution, setResolution] = useState<Resolution | null>(null);
  const [price, setPrice] = useState<number | string>(unknown.expected_price ?? '');
  const [note, setNote] = useState('');
  const [isRetried, setRetried] = useState(false);
  const resolve = useMutation({
    mutationFn: (said: Resolution) =>
      api.resolveUnknownDelivery(unknown.event_id, {
        resolution: said,
        ...(said === 'delivered' && typeof price === 'number' && { price }),
        ...(said === 'not_delivered' && isRetried && { retry: true }),
        ...(note.trim() !== '' && { note: note.trim() }),
      }),
    onSuccess: () => {
      announce('The delivery is resolved');
      close();
      return queries.invalidateQueries({ queryKey: ['unknowns'] });
    },
  });
  return (
    <Stack>
      <Radio.Group
        label={`What does ${recipient} say?`}
        value={resolution ?? ''}
        onChange={(value) => setResolution(value === 'delivered' ? 'delivered' : 'not_delivered')}
      >
        <Stack gap="xs" mt="xs">
          <Radio
            value="delivered"
            label="Delivered"
            description="Its places stay used, and the revenue counts today."
          />
          <Radio value="not_delivered" label="Not delivered" description="It gives its places back." />
        </Stack>
      </Radio.Group>
      {resolution === 'delivered' && (
        <NumberInput
          label="Sold for, USD"
          description={
            unknown.expected_price === null
              ? 'Without a price no revenue is booked.'
              : `Without a price ${formatMoney(unknown.expected_price)} is booked.`
          }
          value={price}
          onChange={setPrice}
          min={0}
          decimalScale={4}
          prefix="$"
          hideControls
        />
      )}
      {resolution === 'not_delivered' && (
        <Checkbox
          label="Deliver it again now"
          checked={isRetried}
          onChange={(event) => setRetried(event.currentTarget.checked)}
        />
      )}
      <Textarea
        label="Note"
        description="Who said so, and when."
        maxLength={NOTE_MAX}
        autosize
        minRows={2}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      {resolve.error && <FaultAlert>{describeError(resolve.error).text}</FaultAlert>}
      <Text size="sm" c="dimmed">
        This cannot be changed later.
      </Text>
      <Group justify="flex-end">
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
        <Button
          onClick={() => resolution && resolve.mutate(resolution)}
          disabled={resolution === null}
          loading={resolve.isPending}
        >
          {resolution === 'not_delivered' ? 'Resolve as not delivered' : 'Resolve as delivered'}
        </Button>
      </Group>
    </Stack>
  );
}
