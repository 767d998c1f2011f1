import { Button, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { Cap } from '../../../../src/model/cap.ts';
import { type CapCounter, type CounterKind, capQuery, capsOfFlowQuery, setWindowMaximum } from '../../api/caps.ts';
import { useMay } from '../../api/use-session.ts';
import { announce } from '../../parts/announce.ts';
import { describeError } from '../../parts/ErrorState.tsx';
import { FaultAlert } from '../../parts/FaultAlert.tsx';
import { formatMoney } from '../../parts/format-money.ts';
import { Sentence as SaidByServer } from '../../parts/Sentence.tsx';
import { formatMinute, formatWindow } from '../sentence/format-window.ts';
import { CAP_DOLLARS_MAX, COUNT_MAX } from '../sentence/parse-amount.ts';
import { DollarsField, Sentence, WholeField } from '../sentence/Sentence.tsx';
import styles from './caps.module.css';
import { describeCountAfter, describeWindowMaximum, leftOf } from './count-after.ts';
import { formatCount } from './describe-cap.ts';

interface CapUseProps {
  cap: Cap;
  /** In words, for screen readers. */
  name: string;
  flowId: string;
  accountZone: string;
}

/** What is used, held and left of a cap that runs, until when, and more room for this window alone. */
export function CapUse({ cap, name, flowId, accountZone }: CapUseProps) {
  const { data: counters, error } = useQuery(capsOfFlowQuery(flowId));
  const id = cap.id ?? '';
  const listed = counters?.get(id);
  const needsOne = counters !== undefined && listed === undefined && id !== '';
  const { data: single } = useQuery({ ...capQuery(id), enabled: needsOne });
  const counter = listed ?? single;
  if (error)
    return (
      <p className={styles['use']}>
        What is used could not be read: <SaidByServer text={describeError(error).text} />
      </p>
    );
  if (counters === undefined || (needsOne && single === undefined))
    return <p className={styles['use']}>Reading what is used…</p>;
  if (counter === null || counter === undefined)
    return <p className={styles['use']}>Not published yet: it counts from 0 once it is.</p>;
  const after = describeCountAfter(counter, cap, accountZone);
  const differs = after !== null || cap.maximum !== counter.deployed_maximum;
  const show = counter.type === 'revenue' ? formatMoney : formatCount;
  return (
    <div>
      {differs && (
        <p className={styles['use']}>
          The count below is of the published flow, which takes at most {show(counter.deployed_maximum)}. What is set
          above holds once it is published.
        </p>
      )}
      <Use counter={counter} name={name}>
        <WindowMaximum kind="cap" counter={counter} name={name} isMoney={counter.type === 'revenue'} />
      </Use>
      {after !== null && <p className={styles['after']}>{after}</p>}
    </div>
  );
}

/** What a counter of a cap or of a ping limit has. */
type AnyCounter = Pick<
  CapCounter,
  'id' | 'maximum' | 'deployed_maximum' | 'count' | 'started_at' | 'expires_at' | 'time_zone' | 'failed_count'
> & {
  held?: number | undefined;
  type?: Cap['type'] | undefined;
  forecast?: CapCounter['forecast'] | undefined;
};

/** A bar with its words: they say the same. */
export function Use({ counter, name, children }: { counter: AnyCounter; name: string; children?: ReactNode }) {
  const { maximum, deployed_maximum: deployed, count, held = 0, failed_count: refused, forecast } = counter;
  const show = counter.type === 'revenue' ? formatMoney : formatCount;
  const zone = counter.time_zone;
  const window = formatWindow(new Date(counter.started_at), new Date(counter.expires_at), zone);
  const left = leftOf({ maximum, count, held });
  const share = (amount: number) => (maximum === 0 ? 0 : Math.min(100, (amount / maximum) * 100));
  const words = [
    `${show(count)} used`,
    ...(held > 0 ? [`${show(held)} held by leads under way`] : []),
    left === 0 ? 'full' : `${show(left)} left`,
  ].join(' · ');
  return (
    <div className={styles['use']}>
      <svg
        className={styles['bar']}
        role="img"
        aria-label={`${name}: ${words} of ${show(maximum)}`}
        viewBox="0 0 100 6"
        preserveAspectRatio="none"
      >
        <title>{`${words} of ${show(maximum)}`}</title>
        <rect className={styles['room']} width="100" height="6" />
        <rect className={styles['used']} data-full={left === 0 || undefined} width={share(count)} height="6" />
        <rect
          className={styles['held']}
          x={share(count)}
          width={Math.max(0, share(count + held) - share(count))}
          height="6"
        />
      </svg>
      <div className={styles['line']}>
        <div>
          <div>
            <strong>{words}</strong> of {show(maximum)}
            {deployed !== maximum && ` in this window, then ${show(deployed)}`}
            {refused > 0 && ` · ${formatCount(refused)} refused`}
          </div>
          <div>Window {window}</div>
          {forecast?.fills_at != null && (
            <div>Expected to be full at {formatMinute(new Date(forecast.fills_at), zone)}</div>
          )}
        </div>
        {children}
      </div>
    </div>
  );
}

interface WindowMaximumProps {
  kind: CounterKind;
  counter: AnyCounter;
  name: string;
  isMoney: boolean;
}

/** Another maximum until the window ends; the flow stays as it is. */
export function WindowMaximum(props: WindowMaximumProps) {
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const mayChange = useMay('flows.deploy');
  if (!mayChange) return null;
  const close = () => {
    setOpen(false);
    requestAnimationFrame(() => button.current?.focus());
  };
  if (isOpen) return <WindowMaximumForm {...props} close={close} />;
  return (
    <Button
      ref={button}
      variant="default"
      size="compact-sm"
      aria-label={`Change for this window only: ${props.name}`}
      onClick={() => setOpen(true)}
    >
      Change for this window only…
    </Button>
  );
}

function WindowMaximumForm(props: WindowMaximumProps & { close(): void }) {
  const { kind, counter, name, isMoney, close } = props;
  const { maximum, deployed_maximum: deployed } = counter;
  const [wanted, setWanted] = useState(maximum);
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: (own: number | null) => setWindowMaximum(kind, counter.id, own),
    onSuccess: async (_, own) => {
      await queries.invalidateQueries({ queryKey: [kind === 'cap' ? 'caps' : 'ping-limits'] });
      announce(`${name} takes up to ${show(own ?? deployed)} in this window`);
      close();
    },
  });
  const show = isMoney ? formatMoney : formatCount;
  const effect = describeWindowMaximum(counter, { wanted, show });
  const until = formatMinute(new Date(counter.expires_at), counter.time_zone);
  const form = useRef<HTMLDivElement>(null);
  useEffect(() => form.current?.querySelector('input')?.select(), []);
  const field = { label: 'In this window, take at most', isReadOnly: false, value: wanted, change: setWanted };
  return (
    <Stack
      ref={form}
      gap={8}
      className={styles['extra'] ?? ''}
      role="group"
      aria-label={`Change for this window only: ${name}`}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        // The panel around it stays open.
        event.stopPropagation();
        close();
      }}
    >
      <Sentence>
        <span>Until {until}, take at most</span>
        {isMoney ? <DollarsField {...field} max={CAP_DOLLARS_MAX} /> : <WholeField {...field} max={COUNT_MAX} />}
        <span>in place of {show(deployed)}.</span>
      </Sentence>
      <Text size="sm" c="dimmed">
        {effect ?? `Write another number than ${show(maximum)}. The flow stays as it is.`}
      </Text>
      {change.error && <FaultAlert>{describeError(change.error).text}</FaultAlert>}
      <Group gap="sm">
        <Button
          size="compact-md"
          disabled={effect === null}
          loading={change.isPending}
          onClick={() => change.mutate(wanted === deployed ? null : wanted)}
        >
          Take {show(wanted)} in this window
        </Button>
        {maximum !== deployed && (
          <Button size="compact-md" variant="default" disabled={change.isPending} onClick={() => change.mutate(null)}>
            Back to {show(deployed)}
          </Button>
        )}
        <Button size="compact-md" variant="default" onClick={close}>
          Cancel
        </Button>
      </Group>
    </Stack>
  );
}
