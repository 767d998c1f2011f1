import { Anchor, Button, Select, Skeleton, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Evaluation, Simulation } from '../../../../client/src/client.ts';
import { api } from '../../api/client.ts';
import { type FlowFacts, flowQuery } from '../../api/flows.ts';
import { useSession } from '../../api/use-session.ts';
import { toFlow } from '../../editor/changes/plain-document.ts';
import { type UsedDraft, useDraft } from '../../editor/draft/use-draft.ts';
import { announce } from '../../parts/announce.ts';
import { Delayed } from '../../parts/Delayed.tsx';
import { EmptyState } from '../../parts/EmptyState.tsx';
import { describeError } from '../../parts/ErrorState.tsx';
import { FaultAlert } from '../../parts/FaultAlert.tsx';
import { instantOfWallTime, wallTimeOf } from '../../parts/wall-time.ts';
import { FlowFrame } from '../publish/FlowFrame.tsx';
import { LeadInput, type LeadToTest } from './LeadInput.tsx';
import { SavedTests } from './SavedTests.tsx';
import { SaveTest } from './SaveTest.tsx';
import { SimulatedLead } from './SimulatedLead.tsx';
import styles from './test-leads.module.css';

const route = getRouteApi('/signed-in/draft/flows/$flowId/test');

/** A lead that nobody gets: what would become of it, and whether leads that were kept still come to what they should. */
export function TestPage() {
  const { flowId } = route.useParams();
  const flow = useQuery(flowQuery(flowId));
  const draft = useDraft(flowId);
  return (
    <FlowFrame flowId={flowId} flow={flow} page="Test" skeleton={<TestSkeleton />}>
      {(facts) => <Loaded flow={facts} draft={draft} />}
    </FlowFrame>
  );
}

interface Source {
  id: string;
  name: string;
}

/** Of the document that is edited; a source without an entity cannot send yet. */
function listSources(document: UsedDraft['document']): Source[] {
  return toFlow(document).sources.flatMap(({ id, entity }) => {
    const ref = entity?.id ?? id;
    return ref === undefined ? [] : [{ id: ref, name: entity?.name ?? ref }];
  });
}

function Loaded({ flow, draft }: { flow: FlowFacts; draft: UsedDraft }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const sources = listSources(draft.document);
  const source = sources.find(({ id }) => id === search.source) ?? sources[0];
  const choices = listChoices(draft);
  const on = search.on ?? choices[0]?.value ?? 'saved';
  const [lead, setLead] = useState<LeadToTest>({ kind: 'fields', values: {}, text: '', assume: {} });
  const run = useMutation({
    mutationFn: async ({ asked }: { asked: LeadToTest }): Promise<Evaluation> => {
      // What was typed last runs, too.
      await draft.flush();
      return api.evaluateFlow(
        flow.id,
        buildSimulation(asked, { on, document: draft.document, source: source?.id ?? '' }),
      );
    },
    onSuccess: ({ lead: result }) => announce(`The test lead came to ${result?.outcome ?? 'nothing'}`),
  });
  const pick = (change: { source?: string; on?: string }) => void navigate({ search: { ...search, ...change } });
  return (
    <Stack gap="lg">
      <div>
        <Title order={1}>
          Test <bdi>{flow.name}</bdi>
        </Title>
        <Text c="dimmed" size="sm">
          Nothing is sent, counted or kept. A real lead is sent from{' '}
          <Anchor
            inherit
            underline="always"
            renderRoot={(props) => (
              <Link
                {...props}
                to="/flows/$flowId"
                params={{ flowId: flow.id }}
                search={source ? { source: source.id } : {}}
              />
            )}
          >
            the posting page
          </Anchor>
          .
        </Text>
      </div>
      {source === undefined ? (
        <EmptyState title="No sources" text="A lead comes in at a source. Add one to the flow first.">
          <Button renderRoot={(props) => <Link {...props} to={`/flows/${flow.id}/edit/sources`} />}>
            Edit the sources
          </Button>
        </EmptyState>
      ) : (
        <div className={styles['columns']}>
          <Stack gap="md">
            <div className={styles['fields']}>
              <Select
                label="Source"
                data={sources.map(({ id, name }) => ({ value: id, label: name }))}
                value={source.id}
                onChange={(value) => value !== null && pick({ source: value })}
                allowDeselect={false}
              />
              <Select
                label="Runs on"
                data={choices}
                value={on}
                onChange={(value) => value !== null && pick({ on: value })}
                allowDeselect={false}
              />
              <ComesAt lead={lead} setLead={setLead} />
            </div>
            <LeadInput
              document={draft.document}
              lead={lead}
              setLead={setLead}
              run={() => run.mutate({ asked: lead })}
              isRunning={run.isPending}
            />
          </Stack>
          <Stack gap="md" aria-live="polite">
            {run.error && <FaultAlert title="It could not be run">{describeError(run.error).text}</FaultAlert>}
            {run.data ? (
              <>
                <SimulatedLead result={run.data} />
                {run.variables && (
                  <SaveTest
                    key={run.submittedAt}
                    flowId={flow.id}
                    sourceId={source.id}
                    lead={run.variables.asked}
                    result={run.data}
                  />
                )}
              </>
            ) : (
              !run.error && (
                <Text c="dimmed">
                  Run the lead to see its answer, its path, the rules that were asked, and the requests that would be
                  sent.
                </Text>
              )
            )}
          </Stack>
        </div>
      )}
      <SavedTests
        flowId={flow.id}
        on={on}
        flush={draft.flush}
        load={(loaded, sourceId) => {
          setLead(loaded);
          pick({ source: sourceId });
        }}
      />
    </Stack>
  );
}

/** Hours, caps and prices may depend on it. */
function ComesAt({ lead, setLead }: { lead: LeadToTest; setLead: (lead: LeadToTest) => void }) {
  const { account } = useSession();
  const { now, ...rest } = lead;
  const change = (text: string) => {
    const instant = instantOfWallTime(text, account.time_zone);
    setLead(instant === null ? rest : { ...rest, now: new Date(instant).toISOString() });
  };
  return (
    <TextInput
      type="datetime-local"
      label={`Comes at, ${account.time_zone}`}
      title="Empty: when it is run"
      value={now === undefined ? '' : wallTimeOf(Date.parse(now), account.time_zone)}
      onChange={({ currentTarget: { value } }) => change(value)}
    />
  );
}

/** What of the flow can be run, the draft first; a revision comes by its address, from the history. */
function listChoices({ version, deployedRevision, savedRevision }: UsedDraft): { value: string; label: string }[] {
  return [
    ...(version === null ? [] : [{ value: 'draft', label: 'Draft' }]),
    ...(deployedRevision === null ? [] : [{ value: 'deployed', label: `Published, revision ${deployedRevision}` }]),
    ...(savedRevision === deployedRevision ? [] : [{ value: 'saved', label: `Saved, revision ${savedRevision}` }]),
    ...Array.from({ length: Math.min(savedRevision, REVISIONS_MAX) }, (_, index) => savedRevision - index)
      .filter((revision) => revision !== savedRevision && revision !== deployedRevision)
      .map((revision) => ({ value: String(revision), label: `Revision ${revision}` })),
  ];
}

/** Older ones are tested after they were made the draft. */
const REVISIONS_MAX = 20;

function buildSimulation(
  { kind, values, text, assume, pasted, now }: LeadToTest,
  { on, document, source }: { on: string; document: UsedDraft['document']; source: string },
): Simulation {
  const given = kind === 'pasted' && pasted?.ok ? pasted.given : { values: withoutEmpty(values) };
  if (kind === 'pasted' && !pasted?.ok)
    throw new Error(pasted?.problem ?? `There is nothing to send: ${text.length} characters.`);
  return {
    ...(on === 'draft' ? { flow: document } : { revision: /^\d+$/.test(on) ? Number(on) : on }),
    ...{ source, ...given, ...assume, ...(now !== undefined && { now }) },
  };
}

/** A field that was left empty is not sent. */
export function withoutEmpty(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
}

function TestSkeleton() {
  return (
    <Stack gap="lg" aria-busy>
      <Title order={1}>Test</Title>
      <Delayed>
        <Skeleton h={320} />
      </Delayed>
    </Stack>
  );
}
