import { Button, Group, Popover, Stack, Text, TextInput } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useState } from 'react';
import { useSession } from '../../api/use-session.ts';
import { formatTime, nameZone } from '../../parts/format-time.ts';
import { instantOfWallTime, wallTimeOf } from '../../parts/wall-time.ts';
import {
  type Frame,
  type ListSearch,
  RANGE_DEFAULT,
  RANGE_NAMES,
  RANGES,
  type RangeName,
  type SearchChange,
} from './list-search.ts';

interface RangeFilterProps {
  search: ListSearch;
  frame: Frame;
  now: number;
  change: (change: SearchChange) => void;
}

/** The time of the list: one that ends now, or from and to in the zone of the account. */
export function RangeFilter({ search, frame, now, change }: RangeFilterProps) {
  const { account } = useSession();
  const [isOpen, setOpen] = useState(false);
  const zone = account.time_zone;
  const show = (instant: number) => formatTime(new Date(instant), { zone, now: new Date(now) });
  const isNamed = search.start === undefined && search.end === undefined;
  const text = isNamed
    ? RANGES[search.range ?? RANGE_DEFAULT].label
    : `${show(frame.start)} to ${frame.end === null ? 'now' : show(frame.end)}`;
  const pick = (range: RangeName) => {
    setOpen(false);
    change({ range, start: undefined, end: undefined });
  };
  return (
    <Popover
      opened={isOpen}
      onChange={setOpen}
      width="min(340px, calc(100vw - 32px))"
      position="bottom-start"
      shadow="md"
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <Button
          variant="default"
          size="xs"
          h={28}
          rightSection={<IconChevronDown size={14} aria-hidden />}
          onClick={() => setOpen(!isOpen)}
        >
          {text}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Time">
        <Stack gap="sm">
          <Group gap="xs">
            {RANGE_NAMES.map((name) => (
              <Button
                key={name}
                size="xs"
                variant={isNamed && name === (search.range ?? RANGE_DEFAULT) ? 'light' : 'default'}
                onClick={() => pick(name)}
              >
                {RANGES[name].label}
              </Button>
            ))}
          </Group>
          <FromTo
            frame={frame}
            now={now}
            zone={zone}
            apply={({ start, end }) => {
              setOpen(false);
              change({ range: undefined, start, end });
            }}
          />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

function FromTo(given: {
  frame: Frame;
  now: number;
  zone: string;
  apply: (given: { start: string; end: string | undefined }) => void;
}) {
  const { frame, now, zone, apply } = given;
  const [from, setFrom] = useState(wallTimeOf(frame.start, zone));
  const [to, setTo] = useState(frame.end === null ? '' : wallTimeOf(frame.end, zone));
  const start = instantOfWallTime(from, zone);
  const end = to === '' ? null : instantOfWallTime(to, zone);
  const isWrong = start === null || (end ?? now) <= start;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (start === null || isWrong) return;
        apply({ start: new Date(start).toISOString(), end: end === null ? undefined : new Date(end).toISOString() });
      }}
    >
      <Stack gap="xs">
        <TextInput
          type="datetime-local"
          label="From"
          value={from}
          onChange={({ currentTarget }) => setFrom(currentTarget.value)}
        />
        <TextInput
          type="datetime-local"
          label="To (empty: now)"
          value={to}
          onChange={({ currentTarget }) => setTo(currentTarget.value)}
          error={isWrong ? '“To” must be after “From”.' : undefined}
        />
        <Text size="xs" c="dimmed">
          Times are of {nameZone(zone, new Date(now))}. You can also draw over the bars of the chart.
        </Text>
        <Button type="submit" size="xs" disabled={isWrong}>
          Show this time
        </Button>
      </Stack>
    </form>
  );
}
