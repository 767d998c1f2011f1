import { Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { memo, type ReactNode } from 'react';
import type { Source } from '../../../../src/model/flow.ts';
import { useDraftValue } from '../../editor/draft/use-draft.ts';
import type { Fault } from '../../editor/part-props.ts';
import { EmptyState } from '../../parts/EmptyState.tsx';
import { OutcomeBadge } from '../../parts/OutcomeBadge.tsx';
import classes from './edit.module.css';
import type { EditPart } from './edit-places.ts';
import { FaultMark } from './FaultNotes.tsx';
import type { FaultIndex } from './fault-index.ts';
import { PanelButton, PanelLink } from './PanelLink.tsx';
import { SourceMenu } from './SourceMenu.tsx';
import { type SourceActions, useSourceActions } from './source-actions.ts';
import {
  NOTHING,
  summarizeAccess,
  summarizeCaps,
  summarizeCriteria,
  summarizeFlow,
  summarizeMappings,
  summarizePrice,
} from './summaries.ts';
import { useEdit } from './use-edit.ts';

/** The columns of the matrix: what may be set of the flow, of a source, or of both. */
const COLUMNS = ['Criteria', 'Price', 'Caps', 'Hours', 'Checks', 'Mappings', 'Access'] as const;

/** Who submits, and on which terms: what holds for all on top, then each source. Every cell opens what it says. */
export function SourcesPart({ faults }: { faults: FaultIndex }) {
  const tools = useEdit();
  const sources = useDraftValue(({ document }) => document.sources);
  const actions = useSourceActions();
  return (
    <section aria-labelledby="sources">
      <div className={classes['head']}>
        <Title order={2} id="sources">
          Sources
        </Title>
        {!tools.isReadOnly && <PanelButton panel="new-source">Add source</PanelButton>}
      </div>
      <div className={classes['matrixFrame']}>
        <table className={classes['matrix']}>
          <caption className={classes['unseen']}>Sources of the flow and what is set of each</caption>
          <thead>
            <tr>
              <th scope="col">Source</th>
              {COLUMNS.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
              {!tools.isReadOnly && <th scope="col">Change</th>}
            </tr>
          </thead>
          <tbody>
            <FlowRow faults={faults} />
            {sources.map((source, index) => (
              <SourceRow
                key={source.id ?? source.entity?.id ?? index}
                source={source}
                index={index}
                isLast={index === sources.length - 1}
                faults={faults.at(`sources.${index}`)}
                actions={actions}
              />
            ))}
          </tbody>
        </table>
      </div>
      {sources.length === 0 && (
        <EmptyState title="No sources yet" text="Leads come in at a source. Add one for each who sends you leads." />
      )}
    </section>
  );
}

/** The terms of the flow, which hold for every source. */
function FlowRow({ faults }: { faults: FaultIndex }) {
  const { isReadOnly } = useEdit();
  const document = useDraftValue((snapshot) => snapshot.document);
  const said = summarizeFlow(document);
  const cells: readonly (readonly [EditPart, string, string])[] = [
    ['rules', said.criteria, 'acceptance_criteria'],
    ['pricing', said.price, 'pricing'],
    ['caps', said.caps, 'caps'],
    ['hours', said.hours, 'hours_of_operation'],
    ['checks', said.checks, 'list_checks'],
  ];
  return (
    <tr className={classes['flowRow']}>
      <th scope="row">
        All sources
        <span className={classes['sub']}>what holds for the whole flow</span>
      </th>
      {cells.map(([part, phrase, path], column) => (
        <td key={path} data-label={COLUMNS[column]}>
          <PartLink part={part} label={`${COLUMNS[column]} of all sources: ${phrase}`}>
            <Phrase text={phrase} />
          </PartLink>
          <FaultMark faults={faults.at(path)} />
        </td>
      ))}
      <NotHere of="each source" />
      <NotHere of="each source" />
      {!isReadOnly && <td />}
    </tr>
  );
}

function PartLink({ part, label, children }: { part: EditPart; label: string; children: ReactNode }) {
  const { flowId } = useEdit();
  return (
    <Link
      to="/flows/$flowId/edit/$part"
      params={{ flowId, part }}
      search={{}}
      className={classes['cell'] ?? ''}
      aria-label={label}
    >
      {children}
    </Link>
  );
}

/** One source; drawn again only when it or its faults change. */
const SourceRow = memo(function SourceRow(given: {
  source: Source;
  index: number;
  isLast: boolean;
  faults: readonly Fault[];
  actions: SourceActions;
}) {
  const { source, index, isLast, faults, actions } = given;
  const { isReadOnly } = useEdit();
  const path = `sources.${index}`;
  const name = source.entity?.name ?? 'Source without a name';
  const cellOf = (tab: string, phrase: string, column: string, properties: readonly string[]) => (
    <td data-label={column}>
      <PanelLink panel={`${path}.${tab}`} className={classes['cell']} label={`${column} of ${name}: ${phrase}`}>
        <Phrase text={phrase} />
      </PanelLink>
      <FaultMark faults={faults.filter((fault) => isIn(fault, path, properties))} />
    </td>
  );
  return (
    <tr data-source={index}>
      <th scope="row">
        <PanelLink panel={path} className={classes['rowName']}>
          <bdi>{name}</bdi>
        </PanelLink>
        {source.enabled === false && <OutcomeBadge status="paused" word="Off" />}
        <FaultMark faults={faults.filter((fault) => !isIn(fault, path, SHOWN_IN_CELLS))} />
      </th>
      {cellOf('acceptance_criteria', summarizeCriteria(source.acceptance_criteria), 'Criteria', [
        'acceptance_criteria',
      ])}
      {cellOf('pricing', summarizePrice(source, { answers: 'source' }), 'Price', ['pricing', 'pricing_service'])}
      {cellOf('caps', summarizeCaps(source.caps), 'Caps', ['caps', 'ping_limits'])}
      <NotHere of="the flow" />
      <NotHere of="the flow" />
      {cellOf('integration', summarizeMappings(source.integration), 'Mappings', ['integration'])}
      {cellOf('access', summarizeAccess(source), 'Access', [
        'authentication_required',
        'credential_id',
        'allowed_origins',
      ])}
      {!isReadOnly && (
        <td>
          <SourceMenu {...{ index, name, isLast, actions }} isOn={source.enabled !== false} />
        </td>
      )}
    </tr>
  );
});

const SHOWN_IN_CELLS = [
  ...['acceptance_criteria', 'pricing', 'pricing_service', 'caps', 'ping_limits', 'integration'],
  ...['authentication_required', 'credential_id', 'allowed_origins'],
];

function isIn(fault: Fault, path: string, properties: readonly string[]): boolean {
  return properties.includes(fault.path.slice(path.length + 1).split('.')[0] ?? '');
}

function Phrase({ text }: { text: string }) {
  return text === NOTHING ? <span className={classes['none']}>{text}</span> : text;
}

function NotHere({ of }: { of: string }) {
  return (
    <td className={classes['notHere']}>
      <span aria-hidden>–</span>
      <span className={classes['unseen']}>set for {of}</span>
    </td>
  );
}
