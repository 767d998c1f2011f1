import { Button, Group, Popover, Stack, Text, TextInput } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useState } from 'react';
import { useSession } from '../api/use-session.ts';
import { nameZone } from './format-time.ts';
import { FRAME_NAMES, FRAMES, type FrameName, type FrameSearch, nameDays } from './time-frames.ts';
import { wallTimeOf } from './wall-time.ts';

/** Which time numbers are of: one by its name, or from one day to another. */
export function FramePicker(given: {
  search: FrameSearch;
  fallback: FrameName;
  /** What is shown without a choice, in the place of the fallback. */
  fallbackLabel?: string;
  change: (frame: FrameSearch) => void;
  /** Absent: all of them. */
  names?: readonly FrameName[];
}) {
  const { search, fallback, fallbackLabel, change, names = FRAME_NAMES } = given;
  const [isOpen, setOpen] = useState(false);
  const { account } = useSession();
  const { range, start, end } = search;
  const usual = fallbackLabel === undefined ? fallback : undefined;
  const name = start === undefined ? (range ?? usual) : null;
  const days = start === undefined || end === undefined ? '' : nameDays(start, end);
  const label = name === null ? days : name === undefined ? fallbackLabel : FRAMES[name].label;
  const pick = (frame: FrameSearch) => {
    setOpen(false);
    change(frame);
  };
  return (
    <Popover
      opened={isOpen}
      onChange={setOpen}
      width="min(340px, calc(100vw - 32px))"
      position="bottom-end"
      shadow="md"
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <Button
          variant="default"
          size="xs"
          h={28}
          aria-label={`Time: ${label}`}
          rightSection={<IconChevronDown size={14} aria-hidden />}
          onClick={() => setOpen(!isOpen)}
        >
          {label}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Time">
        <Stack gap="sm">
          <Group gap="sm">
            {names.map((each) => (
              <Button
                key={each}
                size="xs"
                variant={each === name ? 'light' : 'default'}
                onClick={() => pick({ range: each })}
              >
                {FRAMES[each].label}
              </Button>
            ))}
          </Group>
          <Days zone={account.time_zone} {...{ start, end }} apply={pick} />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

function Days(given: {
  zone: string;
  start: string | undefined;
  end: string | undefined;
  apply: (frame: FrameSearch) => void;
}) {
  const { zone, start, end, apply } = given;
  const today = wallTimeOf(Date.now(), zone).slice(0, 10);
  const [first, setFirst] = useState(start ?? today);
  const [last, setLast] = useState(end ?? today);
  const isWrong = first === '' || last === '' || last < first;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!isWrong) apply({ start: first, end: last });
      }}
    >
      <Stack gap="sm">
        <TextInput
          type="date"
          label="First day"
          value={first}
          onChange={({ currentTarget }) => setFirst(currentTarget.value)}
        />
        <TextInput
          type="date"
          label="Last day"
          value={last}
          onChange={({ currentTarget }) => setLast(currentTarget.value)}
          error={isWrong ? 'The last day must not be before the first.' : undefined}
        />
        <Text size="xs" c="dimmed">
          Days are of {nameZone(zone, new Date())}.
        </Text>
        <Button type="submit" size="xs" disabled={isWrong}>
          Show these days
        </Button>
      </Stack>
    </form>
  );
}
