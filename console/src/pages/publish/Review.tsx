import { Anchor, Button, Stack, Text, Textarea, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useMemo, useRef, useState } from 'react';
import { SluiceError } from '../../../../client/src/client.ts';
import { api } from '../../api/client.ts';
import type { FlowFacts } from '../../api/flows.ts';
import { useSession } from '../../api/use-session.ts';
import { ChangesView } from '../../editor/changes/ChangesView.tsx';
import { describeEffect } from '../../editor/changes/describe-effect.ts';
import { findRisk, NO_FACTS } from '../../editor/changes/find-risks.ts';
import { type ChangeRow, countChanges, listChangeRows } from '../../editor/changes/list-change-rows.ts';
import { toFlow } from '../../editor/changes/plain-document.ts';
import type { DraftStore } from '../../editor/draft/draft-store.ts';
import { type UsedDraft, useDraftStore } from '../../editor/draft/use-draft.ts';
import type { Fault } from '../../editor/part-props.ts';
import { announce } from '../../parts/announce.ts';
import { describeError, ErrorState } from '../../parts/ErrorState.tsx';
import { Facts } from '../../parts/Facts.tsx';
import { FaultAlert } from '../../parts/FaultAlert.tsx';
import { formatTime } from '../../parts/format-time.ts';
import { TableSkeleton } from '../../parts/TableSkeleton.tsx';
import { findPlace, namePlace } from '../edit/edit-places.ts';
import { Effect } from './Effect.tsx';
import { factsQuery } from './facts-query.ts';
import { findNewSources, type NewSource } from './find-new-sources.ts';
import { liveDocumentQuery } from './live-document.ts';
import type { PublishedFacts } from './Published.tsx';
import styles from './publish.module.css';
import { TestRun } from './TestRun.tsx';

/** As the server has it. */
const NOTE_CHARACTERS_MAX = 500;

interface ReviewProps {
  flow: FlowFacts;
  draft: UsedDraft;
  done: (facts: PublishedFacts) => void;
}

/** Changes with their risks, what keeps it from running, tests, effect, note, and the button. */
export function Review({ flow, draft, done }: ReviewProps) {
  const { savedRevision, deployedRevision, baseRevision, version, faults } = draft;
  const live = useQuery(liveDocumentQuery(flow.id, { saved: savedRevision, deployed: deployedRevision }));
  const after = draft.document;
  const listed = useMemo(() => listChangeRows(live.data ?? {}, after), [live.data, after]);
  const errors = faults.filter(({ level }) => level === 'error');
  const warnings = faults.filter(({ level }) => level === 'warning');
  const words = live.data === undefined ? '…' : live.data === null ? 'the flow' : countChanges(listed);
  return (
    <div className={styles['columns']}>
      <Stack gap="lg">
        <Stack gap="sm">
          <Title order={1}>
            Publish {words} {live.data === null ? '' : 'of '}
            {live.data !== null && <bdi>{flow.name}</bdi>}
          </Title>
          <Facts
            facts={[
              ['Published now', deployedRevision === null ? 'Nothing' : `Revision ${deployedRevision}`],
              [
                'Draft of',
                version === null ? `Revision ${savedRevision}, saved and not published` : `Revision ${baseRevision}`,
              ],
              ['Becomes', version === null ? `Revision ${savedRevision}` : `Revision ${savedRevision + 1}`],
            ]}
          />
        </Stack>
        {errors.length > 0 && <Errors flow={flow} draft={draft} errors={errors} />}
        <section aria-labelledby="changes">
          <Title order={2} id="changes" mb="sm">
            What changes
          </Title>
          {live.error && <ErrorState error={live.error} reset={() => void live.refetch()} />}
          {live.isPending && <TableSkeleton rows={5} />}
          {live.data === null && <Text c="dimmed">Nothing runs yet: the whole flow is new.</Text>}
          {live.data && <Changes flow={flow} before={live.data} after={after} deployed={deployedRevision ?? 0} />}
        </section>
        {warnings.length > 0 && (
          <section aria-labelledby="warnings">
            <Title order={2} id="warnings" mb="sm">
              {warnings.length === 1 ? '1 warning' : `${warnings.length} warnings`}
            </Title>
            <FaultList flow={flow} draft={draft} faults={warnings} />
          </section>
        )}
        <TestRun flowId={flow.id} hasDraft={version !== null} version={version} canRun={errors.length === 0} />
        {errors.length === 0 && deployedRevision !== null && <Effect flowId={flow.id} draft={draft} />}
      </Stack>
      <PublishForm
        {...{ flow, draft, done, words }}
        errors={errors.length}
        sources={live.data === undefined ? [] : findNewSources(live.data, after)}
      />
    </div>
  );
}

function Changes({
  flow,
  before,
  after,
  deployed,
}: {
  flow: FlowFacts;
  before: object;
  after: object;
  deployed: number;
}) {
  const { account, permissions } = useSession();
  const facts = useQuery(factsQuery(flow.id, { readReports: permissions.includes('reports.read') })).data ?? NO_FACTS;
  const context = useMemo(() => ({ before: toFlow(before), after: toFlow(after) }), [before, after]);
  const riskOf = (row: ChangeRow) =>
    findRisk(row, {
      ...context,
      facts,
      writeTime: (moment) => formatTime(new Date(moment), { zone: account.time_zone, now: new Date() }),
    }) ?? describeEffect(row);
  return (
    <ChangesView
      before={before}
      after={after}
      names={{ before: `Published (${deployed})`, after: 'Draft' }}
      riskOf={riskOf}
    />
  );
}

function Errors({ flow, draft, errors }: { flow: FlowFacts; draft: UsedDraft; errors: readonly Fault[] }) {
  return (
    <FaultAlert
      title={errors.length === 1 ? '1 place keeps it from running' : `${errors.length} places keep it from running`}
    >
      <FaultList flow={flow} draft={draft} faults={errors} />
    </FaultAlert>
  );
}

/** Each goes to where it is repaired. */
function FaultList({
  flow,
  draft,
  faults,
}: {
  flow: FlowFacts;
  draft: UsedDraft;
  faults: readonly Pick<Fault, 'path' | 'message'>[];
}) {
  return (
    <ul className={styles['faults']}>
      {faults.map(({ path, message }) => {
        const { part, panel } = findPlace(path);
        return (
          <li key={`${path} ${message}`}>
            <Anchor
              inherit
              renderRoot={(props) => (
                <Link
                  {...props}
                  to="/flows/$flowId/edit/$part"
                  params={{ flowId: flow.id, part }}
                  search={panel === null ? {} : { panel }}
                />
              )}
            >
              <bdi>{namePlace(toFlow(draft.document), path)}</bdi>
            </Anchor>
            : <bdi>{message}</bdi>
          </li>
        );
      })}
    </ul>
  );
}

interface PublishFormProps extends ReviewProps {
  words: string;
  /** That it adds. */
  sources: readonly NewSource[];
  errors: number;
}

function PublishForm({ flow, draft, done, words, errors, sources }: PublishFormProps) {
  const { permissions } = useSession();
  const mayPublish = permissions.includes('flows.deploy') && permissions.includes('flows.write');
  const store = useDraftStore(flow.id);
  const queries = useQueryClient();
  const [note, setNote] = useState('');
  const publish = useMutation({
    mutationFn: async () => {
      const version = await saveFirst(store);
      if (version === null) await api.deployFlow(flow.id, { ifMatch: draft.savedRevision });
      else await api.publishDraft(flow.id, { version, ...(note.trim() !== '' && { note: note.trim() }) });
      return draft.savedRevision + (version === null ? 0 : 1);
    },
    onSuccess: async (revision) => {
      done({ revision, before: draft.deployedRevision, words, note: note.trim(), sources });
      announce(`Published: revision ${revision}`);
      await draft.reload();
      await queries.invalidateQueries({ queryKey: ['flows'] });
    },
    // Somebody else was faster: what they did is shown before anybody publishes again.
    onError: async (error) => {
      if (error instanceof SluiceError && error.status === 409) await draft.reload();
    },
  });
  return (
    <section className={styles['publish']} aria-label="Publish">
      {mayPublish ? (
        <Stack gap="sm" className={styles['form'] ?? ''}>
          {draft.version !== null && (
            <Textarea
              label="Note"
              description="What it changes and why. It stands in the history."
              autosize
              minRows={2}
              maxRows={6}
              maxLength={NOTE_CHARACTERS_MAX}
              value={note}
              onChange={({ currentTarget: { value } }) => setNote(value)}
            />
          )}
          <Button onClick={() => publish.mutate()} loading={publish.isPending} disabled={errors > 0 || words === '…'}>
            Publish {words}
          </Button>
          <Text size="sm" c="dimmed">
            {errors > 0
              ? 'Repair what keeps it from running first.'
              : 'Leads that come from then on run on it. Leads under way end as they began.'}
          </Text>
          {publish.error && <NotPublished flow={flow} draft={draft} error={publish.error} />}
        </Stack>
      ) : (
        <Text c="dimmed">
          Your role lacks the permission flows.deploy. An owner or an editor can publish the draft.
        </Text>
      )}
      <Anchor size="sm" renderRoot={(props) => <Link {...props} to={`/flows/${flow.id}/edit/sources`} />}>
        Go on editing
      </Anchor>
    </section>
  );
}

/** Why, and at which places of the flow; the first of them has the focus. */
function NotPublished({ flow, draft, error }: { flow: FlowFacts; draft: UsedDraft; error: Error }) {
  const places = useRef<HTMLDivElement>(null);
  const faults = error instanceof SluiceError && error.status === 422 ? error.details : [];
  useEffect(() => {
    if (error) places.current?.querySelector('a')?.focus();
  }, [error]);
  return (
    <FaultAlert title="It was not published">
      {describeError(error).text}
      {faults.length > 0 && (
        <div ref={places}>
          <FaultList {...{ flow, draft, faults }} />
        </div>
      )}
    </FaultAlert>
  );
}

/** What was typed last is published, too. Returns the version that the server has; null: there is no draft. */
async function saveFirst(store: DraftStore): Promise<number | null> {
  const isSaved = await store.flush();
  if (!isSaved) throw new Error('The last changes are not saved yet, so they would not be published. Try again.');
  return store.read().server.version;
}
