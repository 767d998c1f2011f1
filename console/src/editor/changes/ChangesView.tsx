import { Button, Text } from '@mantine/core';
import {
  IconAlertTriangle,
  IconArrowsSort,
  IconInfoCircle,
  IconMinus,
  IconPencil,
  IconPlus,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useMemo, useState } from 'react';
import { fieldsQuery } from '../../api/library.ts';
import { Delayed } from '../../parts/Delayed.tsx';
import type { Said } from '../rules/describe-rule-set.ts';
import { SaidPieces } from '../rules/SaidPieces.tsx';
import styles from './changes.module.css';
import type { Risk } from './find-risks.ts';
import { type ChangeRow, listChangeRows } from './list-change-rows.ts';

const JsonDiff = lazy(() => import('./JsonDiff.tsx').then((module) => ({ default: module.JsonDiff })));

interface ChangesViewProps {
  /** Two states of a flow: documents, flows, revisions or drafts. */
  before: unknown;
  after: unknown;
  /** Names of the two, for the JSON: `Revision 4`, `Draft`. */
  names: { before: string; after: string };
  /** What a change does; shown beside it. */
  riskOf?: (row: ChangeRow) => Risk | null;
  /** Rows that are shown before a person asks for all of them. */
  rowsMax?: number;
}

/** A long list is not read: the first rows, and how many more there are. */
const ROWS_MAX = 60;

/** What differs between two states of a flow: change, old and new value, and risk beside each other, by part; JSON on demand. */
export function ChangesView({ before, after, names, riskOf = () => null, rowsMax = ROWS_MAX }: ChangesViewProps) {
  const { data: fields } = useQuery(fieldsQuery);
  const { rows, more } = useMemo(() => listChangeRows(before, after, fields), [before, after, fields]);
  const [areAllShown, setAllShown] = useState(false);
  const [isJsonShown, setJsonShown] = useState(false);
  const shown = areAllShown ? rows : rows.slice(0, rowsMax);
  const hidden = rows.length - shown.length;
  return (
    <div className={styles['view']}>
      {rows.length === 0 ? (
        <Text c="dimmed">There is no difference between the two.</Text>
      ) : (
        <ChangeGroups rows={shown} names={names} riskOf={riskOf} />
      )}
      {more > 0 && (
        <Text c="dimmed" size="sm">
          {more} further changes are not listed.
        </Text>
      )}
      <div className={styles['actions']}>
        {hidden > 0 && (
          <Button variant="default" onClick={() => setAllShown(true)}>
            Show {hidden} more
          </Button>
        )}
        {rows.length > 0 && (
          <Button variant="default" onClick={() => setJsonShown(!isJsonShown)} aria-expanded={isJsonShown}>
            {isJsonShown ? 'Hide JSON' : 'Compare as JSON'}
          </Button>
        )}
      </div>
      {isJsonShown && (
        <Suspense fallback={<Delayed>Loading</Delayed>}>
          <JsonDiff before={before} after={after} names={names} />
        </Suspense>
      )}
    </div>
  );
}

function ChangeGroups(given: {
  rows: readonly ChangeRow[];
  names: ChangesViewProps['names'];
  riskOf: (row: ChangeRow) => Risk | null;
}) {
  const { rows, names, riskOf } = given;
  const groups = [...new Set(rows.map(({ group }) => group))];
  const risks = new Map(rows.map((row) => [row.key, riskOf(row)]));
  const hasEffects = [...risks.values()].some((risk) => risk !== null);
  return (
    <div className={styles['groups']} data-effects={hasEffects}>
      <div className={styles['head']} aria-hidden>
        <span>Change</span>
        <span>{names.before}</span>
        <span>{names.after}</span>
        {hasEffects && <span>Effect</span>}
      </div>
      {groups.map((group) => (
        <section key={group} className={styles['group']}>
          <h3 className={styles['title']}>
            <bdi>{group}</bdi>
          </h3>
          <ul className={styles['rows']}>
            {rows
              .filter((row) => row.group === group)
              .map((row) => (
                <Row
                  key={row.key}
                  row={row}
                  names={names}
                  risk={hasEffects ? (risks.get(row.key) ?? null) : undefined}
                />
              ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function Row({
  row,
  names,
  risk,
}: {
  row: ChangeRow;
  names: ChangesViewProps['names'];
  risk: Risk | null | undefined;
}) {
  const { icon: Icon, word } = lookOf(row);
  return (
    <li className={styles['row']}>
      <span className={styles['what']}>
        <Icon size={16} aria-hidden className={styles['icon'] ?? ''} />
        <span>
          <bdi>{row.what}</bdi>{' '}
          <span className={styles[row.action === 'changed' && word === 'changed' ? 'name' : 'word']}>{word}</span>
        </span>
      </span>
      <End name={names.before} text={row.before} said={row.said?.before} isOld />
      <End
        name={names.after}
        text={row.after}
        said={row.said?.after}
        missing={row.action === 'removed' ? 'removed' : '–'}
      />
      {risk !== undefined && (
        <span className={styles['risk']} data-level={risk?.level}>
          {risk && <Told risk={risk} />}
        </span>
      )}
    </li>
  );
}

function Told({ risk: { level, text } }: { risk: Risk }) {
  const Icon = level === 'risk' ? IconAlertTriangle : IconInfoCircle;
  return (
    <>
      <Icon size={16} aria-hidden />
      <span>
        {level === 'risk' && <b>Risk: </b>}
        <bdi>{text}</bdi>
      </span>
    </>
  );
}

function End(given: {
  name: string;
  text: string | null;
  said?: readonly Said[] | null | undefined;
  /** In the place of a value. */
  missing?: string;
  isOld?: boolean;
}) {
  const { name, text, said, missing = '–', isOld = false } = given;
  const Tag = isOld ? 'del' : 'ins';
  return (
    <span className={styles['end']}>
      <span className={styles['name']}>{name}: </span>
      {text === null ? (
        <span className={styles['none']}>{missing}</span>
      ) : (
        <Tag>{said ? <SaidPieces said={said} /> : <bdi>{text}</bdi>}</Tag>
      )}
    </span>
  );
}

function lookOf({ action, before, after }: ChangeRow) {
  if (before === 'on' && after === 'off') return { icon: IconMinus, word: 'switched off' };
  if (before === 'off' && after === 'on') return { icon: IconPlus, word: 'switched on' };
  switch (action) {
    case 'added':
      return { icon: IconPlus, word: 'added' };
    case 'removed':
      return { icon: IconMinus, word: 'removed' };
    case 'moved':
      return { icon: IconArrowsSort, word: 'moved' };
    case 'changed':
      return { icon: IconPencil, word: 'changed' };
  }
}
