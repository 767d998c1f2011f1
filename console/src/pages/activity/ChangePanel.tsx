import { List, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type Activity, type Changelog, changeQuery } from '../../api/activity.ts';
import { Delayed } from '../../parts/Delayed.tsx';
import { ErrorState } from '../../parts/ErrorState.tsx';
import { Facts } from '../../parts/Facts.tsx';
import { SidePanel } from '../../parts/FormPanel.tsx';
import { Time } from '../../parts/Time.tsx';
import classes from './activity.module.css';
import { ACTIONS, KINDS } from './activity-words.ts';

interface ChangePanelProps {
  id: string;
  /** As the list has it; undefined: it is not on this page. */
  entry: Activity | undefined;
  close(): void;
}

/** One change: in words, and each place before and after. */
export function ChangePanel({ id, entry, close }: ChangePanelProps) {
  const { data, error, refetch } = useQuery(changeQuery(id));
  return (
    <SidePanel title="Change" close={close}>
      {data ? (
        <Details change={data} ip={entry?.ip} />
      ) : error ? (
        <ErrorState error={error} reset={() => void refetch()} />
      ) : (
        <Delayed>
          <Stack gap="sm" aria-busy>
            <Skeleton h={24} w={240} />
            <Skeleton h={120} />
          </Stack>
        </Delayed>
      )}
    </SidePanel>
  );
}

function Details({ change, ip }: { change: Changelog; ip: string | null | undefined }) {
  const { type, action, subject, user, created_at: at, sentences, changes, more_changes: more } = change;
  return (
    <Stack gap="lg">
      <div>
        <Title order={2}>
          {KINDS[type] ?? type}: {ACTIONS[action] ?? action}
        </Title>
        <Text c="dimmed">
          <bdi>{subject.name ?? subject.id}</bdi>
        </Text>
      </div>
      <Facts
        facts={[
          ['By', user.name],
          ['When', <Time key="at" at={at} />],
          ...(ip === undefined ? [] : ([['From', ip ?? 'The machine itself']] as const)),
        ]}
      />
      <Stack gap={4}>
        <Title order={3}>In words</Title>
        <List size="sm" spacing={4}>
          {sentences.map((sentence) => (
            <List.Item key={sentence}>
              <bdi>{sentence}</bdi>
            </List.Item>
          ))}
        </List>
      </Stack>
      {changes.length > 0 && (
        <Stack gap="sm">
          <Title order={3}>Place by place</Title>
          <ul className={classes['changes']}>
            {changes.map((each) => (
              <li key={`${each.action} ${each.delta_path}`}>
                <Place change={each} />
              </li>
            ))}
          </ul>
          {more > 0 && (
            <Text size="sm" c="dimmed">
              {more} further places are not listed.
            </Text>
          )}
        </Stack>
      )}
    </Stack>
  );
}

type PlaceChange = Changelog['changes'][number];

const WORDS: Readonly<Record<PlaceChange['action'], string>> = {
  added: 'Added',
  removed: 'Removed',
  changed: 'Changed',
  moved: 'Moved',
};

function Place({ change: { action, delta_path: path, previous, current } }: { change: PlaceChange }) {
  return (
    <>
      <div className={classes['place']}>
        {WORDS[action]}: <code>{path}</code>
      </div>
      {previous && (
        <div className={classes['side']} data-side="before">
          <span>Before</span>
          <bdi>{showValue(previous.value)}</bdi>
        </div>
      )}
      {current && (
        <div className={classes['side']} data-side="after">
          <span>After</span>
          <bdi>{showValue(current.value)}</bdi>
        </div>
      )}
    </>
  );
}

const SHOWN_CHARACTERS_MAX = 2_000;

/** A text as it is; anything else as JSON; a long one is cut, and says so. */
function showValue(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 1);
  return text.length > SHOWN_CHARACTERS_MAX ? `${text.slice(0, SHOWN_CHARACTERS_MAX)} … (cut)` : text;
}
