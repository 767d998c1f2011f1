import { Alert, Button, Group, Radio, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { redactSecrets } from '../../../../src/access/redact-secrets.ts';
import { CodeBlock } from '../../parts/CodeBlock.tsx';
import { writeJson } from '../changes/write-json.ts';
import styles from './conflict.module.css';
import { allOf, describePart, type PartInWords } from './describe-part.ts';
import { hasHidden } from './fill-hidden.ts';
import { fillIds } from './fill-ids.ts';
import {
  buildMerged,
  type Choices,
  listMergeParts,
  listOpenParts,
  type MergePart,
  type Side,
  type States,
} from './merge-documents.ts';

interface ConflictViewProps {
  /** What both began with, what this person has, and what somebody else saved. */
  states: States;
  /** Over the three columns: `Before`, `Yours`, `Ann’s, saved 2 minutes ago`. */
  names: Record<Side, string>;
  /** The document with every part as it was chosen. */
  done: (document: unknown, what: string) => void;
  isSaving?: boolean;
}

const SIDES: readonly Side[] = ['base', 'mine', 'theirs'];

/** Two people changed the same flow: part by part what each did, and a choice where both changed the same one. */
export function ConflictView({ states: given, names, done, isSaving = false }: ConflictViewProps) {
  const states = useMemo(() => fillIds(given), [given]);
  const parts = useMemo(() => listMergeParts(states), [states]);
  const words = useMemo(() => new Map(parts.map((part) => [part.key, describePart(part, states)])), [parts, states]);
  const [choices, setChoices] = useState<Choices>({});
  const open = listOpenParts(parts, choices);
  const asked = parts.filter(({ suggestion }) => suggestion === null);
  const settled = parts.filter(({ suggestion }) => suggestion !== null);
  const choose = (key: string, side: Side) => setChoices({ ...choices, [key]: side });
  const finish = () => done(buildMerged(states, choices), 'Merged two drafts');
  const listed = (shown: readonly MergePart[]) =>
    shown.map((part) => (
      <Part
        key={part.key}
        part={part}
        words={words.get(part.key) ?? { title: part.key, mine: [], theirs: [] }}
        names={names}
        chosen={choices[part.key] ?? part.suggestion}
        choose={(side) => choose(part.key, side)}
      />
    ));
  return (
    <Stack gap="lg">
      <Group gap="sm">
        <Button onClick={finish} disabled={open.length > 0} loading={isSaving}>
          Keep the merged draft
        </Button>
        <Button variant="default" onClick={() => setChoices(allOf(parts, 'mine'))}>
          Choose “{names.mine}” everywhere
        </Button>
        <Button variant="default" onClick={() => setChoices(allOf(parts, 'theirs'))}>
          Choose “{names.theirs}” everywhere
        </Button>
        <Text role="status" size="sm" c="dimmed">
          {open.length === 0 ? 'Everything is chosen.' : `${open.length} of ${asked.length} to choose.`}
        </Text>
      </Group>
      {asked.length > 0 && (
        <section aria-labelledby="asked">
          <Title order={2} id="asked" mb="sm">
            Both changed {asked.length === 1 ? 'one part' : `${asked.length} parts`}
          </Title>
          <div className={styles['parts']}>{listed(asked)}</div>
        </section>
      )}
      {settled.length > 0 && (
        <section aria-labelledby="settled">
          <Title order={2} id="settled" mb="sm">
            Changed by one of you
          </Title>
          <Text c="dimmed" size="sm" mb="sm">
            Both are kept unless you choose otherwise.
          </Text>
          <div className={styles['parts']}>{listed(settled)}</div>
        </section>
      )}
      {parts.length === 0 && (
        <Alert variant="outline" icon={<IconCheck size={16} aria-hidden />}>
          Both are the same. Keep the draft to go on.
        </Alert>
      )}
    </Stack>
  );
}

interface PartProps {
  part: MergePart;
  words: PartInWords;
  names: Record<Side, string>;
  chosen: Side | null;
  choose: (side: Side) => void;
}

function Part({ part, words, names, chosen, choose }: PartProps) {
  const [isJsonShown, setJsonShown] = useState(false);
  const told: Record<Side, readonly string[]> = { base: [], mine: words.mine, theirs: words.theirs };
  return (
    <fieldset className={styles['part']}>
      <legend className={styles['legend']}>
        <bdi>{words.title}</bdi>
        {chosen === null && (
          <span className={styles['open']}>
            <IconAlertTriangle size={14} aria-hidden /> Choose one
          </span>
        )}
      </legend>
      <div className={styles['sides']}>
        {SIDES.map((side) => (
          <div key={side} className={styles['side']} data-chosen={chosen === side}>
            <Radio
              name={part.key}
              label={names[side]}
              aria-label={`${words.title}: ${names[side]}`}
              checked={chosen === side}
              // The server does not show a secret of a revision, and takes none that is hidden.
              disabled={hasHidden(part[side])}
              onChange={() => choose(side)}
            />
            {side === 'base' ? (
              <Text size="sm" c="dimmed">
                As it was
              </Text>
            ) : told[side].length === 0 ? (
              <Text size="sm" c="dimmed">
                Not changed
              </Text>
            ) : (
              <ul className={styles['told']}>
                {told[side].map((sentence) => (
                  <li key={sentence}>
                    <bdi>{sentence}</bdi>
                  </li>
                ))}
              </ul>
            )}
            {isJsonShown && (
              <CodeBlock code={writeJson(redactSecrets(part[side] ?? null))} label={`${words.title}: ${names[side]}`} />
            )}
          </div>
        ))}
      </div>
      <Button
        variant="subtle"
        size="compact-sm"
        onClick={() => setJsonShown(!isJsonShown)}
        aria-expanded={isJsonShown}
        aria-label={`${isJsonShown ? 'Hide' : 'Show'} JSON of ${words.title}`}
      >
        {isJsonShown ? 'Hide JSON' : 'Show JSON'}
      </Button>
    </fieldset>
  );
}
