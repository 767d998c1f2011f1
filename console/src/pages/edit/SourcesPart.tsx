import { Box, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { memo, type ReactNode } from 'react';
import type { Source } from '../../../../src/model/flow.ts';
import { useDraftValue } from '../../editor/draft/use-draft.ts';
import { FlowInWords } from '../../editor/overview/FlowInWords.tsx';
import type { Fault } from '../../editor/part-props.ts';
import { EmptyState } from '../../parts/EmptyState.tsx';
import { FaultAlert } from '../../parts/FaultAlert.tsx';
import { noteOverflow } from '../../parts/note-overflow.ts';
import { OutcomeBadge } from '../../parts/OutcomeBadge.tsx';
import classes from './edit.module.css';
import type { EditPart } from './edit-places.ts';
import { FaultMark } from './FaultNotes.tsx';
import type { FaultIndex } from './fault-index.ts';
import { PanelButton, PanelLink } from './PanelLink.tsx';
import { SourceMenu } from './SourceMenu.tsx';
import { type SourceActions, useSourceActions } from './source-actions.ts';
import {
  countOf,
  NOTHING,
  summarizeAccess,
  summarizeCaps,
  summarizeCriteria,
  summarizeFlow,
  summarizeMappings,
  summarizePrice,
} from './summaries.ts';
import { useCapUse } from './use-cap-use.ts';
import { useEdit } from './use-edit.ts';
import { useNames } from './use-names.ts';
import { useStepNames } from './use-step-names.ts';
import { type FlowTraffic, useTraffic } from './use-traffic.ts';

/** The columns of the matrix: what may be set of the flow, of a source, or of both. */
const COLUMNS = ['Criteria', 'Price', 'Caps', 'Hours', 'Checks', 'Mappings', 'Access'] as const;

/** Who submits, and on which terms: what holds for all on top, then each source. Every cell opens what it says. */
export function SourcesPart({ faults }: { faults: FaultIndex }) {
  const tools = useEdit();
  const sources = useDraftValue(({ document }) => document.sources);
  const actions = useSourceActions();
  const traffic = useTraffic();
  const names = useStepNames();
  const capUse = useCapUse();
  return (
    <section aria-labelledby="sources" aria-busy={traffic.isReading}>
      <InWords />
      {traffic.fault !== null && (
        <FaultAlert title="The numbers of the last 24 hours could not be read">{traffic.fault}</FaultAlert>
      )}
      <div className={classes['head']}>
        <Title order={2} id="sources">
          Sources
        </Title>
        {!tools.isReadOnly && <PanelButton panel="new-source">Add source</PanelButton>}
      </div>
      <div ref={noteOverflow} className={classes['matrixFrame']}>
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
            <FlowRow faults={faults} submitted={traffic.submitted} />
            {sources.map((source, index) => (
              <SourceRow
                key={source.id ?? source.entity?.id ?? index}
                source={source}
                index={index}
                isLast={index === sources.length - 1}
                faults={faults.at(`sources.${index}`)}
                numbers={describeNumbers(traffic, source)}
                capUse={capUse(source.caps)?.text ?? null}
                criteria={summarizeCriteria(source.acceptance_criteria, names)}
                actions={actions}
              />
            ))}
          </tbody>
        </table>
      </div>
      {sources.length === 0 && (
        <EmptyState title="No sources yet" text="Leads come in at a source. Add one for each sender." />
      )}
    </section>
  );
}

function describeNumbers({ submitted, isReading, sources }: FlowTraffic, { entity }: Source): string {
  if (isReading) return '\u00a0';
  if (submitted === undefined) return '';
  const traffic = sources.get(entity?.id ?? '');
  return [`${countOf(traffic?.count ?? 0, 'lead')} in 24 h`, ...(traffic?.parts ?? [])].join(', ');
}

/** What a stranger reads first: the whole flow in sentences. */
function InWords() {
  const { flowId } = useEdit();
  const document = useDraftValue((snapshot) => snapshot.document);
  const names = useNames(flowId, document);
  return (
    <Box component="section" aria-labelledby="in-words" mb="xl">
      <Title order={2} id="in-words" mb="sm">
        What happens to a lead
      </Title>
      <FlowInWords names={names} />
    </Box>
  );
}

/** The terms of the flow, which hold for every source. */
function FlowRow({ faults, submitted }: { faults: FaultIndex; submitted: number | undefined }) {
  const { isReadOnly } = useEdit();
  const document = useDraftValue((snapshot) => snapshot.document);
  const names = useStepNames();
  const used = useCapUse()(document.caps)?.text;
  const said = summarizeFlow(document, names);
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
        <span className={classes['sub']}>
          {submitted === undefined ? 'what holds for the whole flow' : `${countOf(submitted, 'lead')} in 24 h`}
        </span>
      </th>
      {cells.map(([part, phrase, path], column) => (
        <td key={path} data-label={COLUMNS[column]}>
          <PartLink part={part} label={`${COLUMNS[column]} of all sources: ${phrase}`}>
            <Phrase text={phrase} />
          </PartLink>
          {part === 'caps' && used !== undefined && <span className={classes['sub']}>{used}</span>}
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
  /** Of 24 hours, in words; while they are read, a line is kept free. */
  numbers: string;
  /** Of its fullest cap; null: none counts. */
  capUse: string | null;
  criteria: string;
  actions: SourceActions;
}) {
  const { source, index, isLast, faults, numbers, capUse, criteria, actions } = given;
  const { isReadOnly } = useEdit();
  const path = `sources.${index}`;
  const name = source.entity?.name ?? 'Source without a name';
  const cellOf = (tab: string, phrase: string, column: string, properties: readonly string[]) => (
    <td data-label={column}>
      <PanelLink panel={`${path}.${tab}`} className={classes['cell']} label={`${column} of ${name}: ${phrase}`}>
        <Phrase text={phrase} />
      </PanelLink>
      {tab === 'caps' && capUse !== null && <span className={classes['sub']}>{capUse}</span>}
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
        <span className={classes['sub']}>{numbers}</span>
      </th>
      {cellOf('acceptance_criteria', criteria, 'Criteria', ['acceptance_criteria'])}
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
