import { Button, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { flowNamesQuery } from '../../api/flows.ts';
import { latestLeadsQuery } from '../../api/leads.ts';
import { capsQuery, numbersQuery } from '../../api/overview.ts';
import { useMay, useSession } from '../../api/use-session.ts';
import { CapGauges } from '../../parts/CapGauges.tsx';
import { EmptyState } from '../../parts/EmptyState.tsx';
import { FramePicker } from '../../parts/FramePicker.tsx';
import { nameZone } from '../../parts/format-time.ts';
import { describeComparison, listTiles } from '../../parts/number-tiles.ts';
import { OutcomesOverTime } from '../../parts/OutcomesOverTime.tsx';
import { PageHeader } from '../../parts/PageHeader.tsx';
import { Tiles } from '../../parts/Tiles.tsx';
import { TopReasons } from '../../parts/TopReasons.tsx';
import { type FrameName, type ResolvedFrame, readFrameSearch, resolveFrame } from '../../parts/time-frames.ts';
import { useMinute } from '../../parts/use-minute.ts';
import { useTitle } from '../../parts/use-title.ts';
import { Widget, WidgetBody } from '../../parts/Widget.tsx';
import { Attention } from './Attention.tsx';
import classes from './home.module.css';
import { LatestLeads } from './LatestLeads.tsx';

const route = getRouteApi('/signed-in/');
const NAMES: readonly FrameName[] = ['today', 'yesterday', 'this_7_days', 'this_30_days'];
const CAPS_MAX = 8;
const CAPS_HEIGHT = 120;
const TILES_HEIGHT = 88;

/** What needs somebody, how the day goes, and what came in last. */
export function HomePage() {
  useTitle('Home');
  // The router leaves what its check refused in the search.
  const search = readFrameSearch(route.useSearch());
  const navigate = route.useNavigate();
  const { account } = useSession();
  const now = useMinute();
  const mayRead = useMay('leads.read');
  const mayCount = useMay('reports.read');
  const hasNoLeads = useHasNoLeads();
  const frame = resolveFrame(search, { now, zone: account.time_zone });
  return (
    <>
      <PageHeader title="Home">
        <Text size="xs" c="dimmed">
          {nameZone(account.time_zone, new Date(now))}
        </Text>
        <FramePicker
          search={search}
          fallback="today"
          names={NAMES}
          change={(next) => void navigate({ search: next })}
        />
      </PageHeader>
      {hasNoLeads ? (
        <EmptyState
          title="No leads yet"
          text="A lead is a person's answer that a source sends. The setup shows how to send the first one, and waits for it."
        >
          <Button component={Link} to="/setup">
            Send the first lead
          </Button>
        </EmptyState>
      ) : (
        <div className={classes['grid']}>
          <div className={classes['attention']}>
            <Attention now={now} />
          </div>
          <div className={classes['numbers']}>
            {mayCount ? <NumbersAndHours frame={frame} /> : <Refused what="numbers" permission="reports.read" />}
          </div>
          <Caps now={now} />
          {mayRead && <TopReasons frame={frame} />}
          <div className={classes['wide']}>
            {mayRead ? <LatestLeads /> : <Refused what="leads" permission="leads.read" />}
          </div>
        </div>
      )}
    </>
  );
}

function useHasNoLeads(): boolean {
  const { data } = useQuery({ ...latestLeadsQuery, enabled: useMay('leads.read') });
  return data?.length === 0;
}

function Refused({ what, permission }: { what: string; permission: string }) {
  return (
    <EmptyState
      title={`You may not see ${what}`}
      text={`Your role lacks the permission ${permission}. An owner can give you another role.`}
    />
  );
}

function NumbersAndHours({ frame }: { frame: ResolvedFrame }) {
  const query = useQuery(numbersQuery(frame));
  return (
    <>
      <Widget
        title={frame.label}
        aside={
          <Text size="xs" c="dimmed">
            Compared with {describeComparison(frame)}
          </Text>
        }
      >
        <WidgetBody query={query} height={TILES_HEIGHT}>
          {(numbers) => <Tiles tiles={listTiles(numbers, frame)} />}
        </WidgetBody>
      </Widget>
      <OutcomesOverTime frame={frame} />
    </>
  );
}

function Caps({ now }: { now: number }) {
  const { account } = useSession();
  const mayRead = useMay('flows.read');
  const query = useQuery({ ...capsQuery(), enabled: mayRead });
  const { data: flows = [] } = useQuery({ ...flowNamesQuery, enabled: mayRead });
  if (!mayRead) return null;
  const nameOf = (id: string) => flows.find((flow) => flow.id === id)?.name ?? id;
  return (
    <Widget title="Fullest caps" aside={<Asides now={now} zone={account.time_zone} />}>
      <WidgetBody query={query} height={CAPS_HEIGHT}>
        {(caps) => <CapGauges {...{ caps, nameOf, now }} max={CAPS_MAX} zone={account.time_zone} />}
      </WidgetBody>
    </Widget>
  );
}

function Asides({ now, zone }: { now: number; zone: string }) {
  return (
    <Text size="xs" c="dimmed">
      This window, {nameZone(zone, new Date(now))}
    </Text>
  );
}
