import { Alert, Button, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import type { FlowFacts, FlowSource } from '../../api/flows.ts';
import {
  type PostingLink,
  type PostingSettings,
  postingLinksQuery,
  type SourcePlace,
} from '../../api/posting-links.ts';
import { useMay } from '../../api/use-session.ts';
import { announce } from '../../parts/announce.ts';
import { CodeBlock } from '../../parts/CodeBlock.tsx';
import { CopyButton } from '../../parts/CopyButton.tsx';
import { Delayed } from '../../parts/Delayed.tsx';
import { describeError, ErrorState } from '../../parts/ErrorState.tsx';
import { FaultAlert } from '../../parts/FaultAlert.tsx';
import { SidePanel } from '../../parts/FormPanel.tsx';
import { Time } from '../../parts/Time.tsx';
import { buildSubmitUrl } from './build-submit-url.ts';
import styles from './flow.module.css';
import { LinkForm } from './LinkForm.tsx';

/** Of a server; the last of them is where "Create link" ends. */
const LINKS_MAX = 20;

/** The links to the posting page of one source: made, copied, changed and revoked. */
export function PostingPanel({ flow, source, close }: { flow: FlowFacts; source: FlowSource; close(): void }) {
  const place = { flowId: flow.id, sourceId: source.id };
  return (
    <SidePanel title="Posting page of" name={source.name} size="lg" close={close}>
      <Stack gap="lg">
        <Text c="dimmed" size="sm">
          A person with the link reads how to post leads to this source, without an account: fields, rules, answers and
          code. It follows what is published.
        </Text>
        <div>
          <Title order={3} mb={4}>
            Submit URL
          </Title>
          <CodeBlock code={buildSubmitUrl(place)} label="Submit URL" />
        </div>
        <Links place={place} />
      </Stack>
    </SidePanel>
  );
}

function Links({ place }: { place: SourcePlace }) {
  const mayWrite = useMay('flows.write');
  const [isMaking, setMaking] = useState(false);
  const { data: links, error, refetch } = useQuery(postingLinksQuery(place));
  const create = useLinkChange(place, {
    change: (settings: PostingSettings) => api.createPostingLink(place.flowId, place.sourceId, settings),
    said: 'The link was created',
    done: () => setMaking(false),
  });
  if (links === undefined) return error ? <ErrorState error={error} reset={() => void refetch()} /> : <LinksSkeleton />;
  const isFull = links.length >= LINKS_MAX;
  return (
    <>
      {mayWrite && isMaking && (
        <LinkForm
          before={null}
          save={create.mutate}
          isSaving={create.isPending}
          error={create.error}
          cancel={() => setMaking(false)}
        />
      )}
      {mayWrite && !isMaking && (
        <Group>
          <Button onClick={() => setMaking(true)} disabled={isFull}>
            Create link
          </Button>
          {isFull && <Text size="sm">The source has {LINKS_MAX} links. Revoke one that nobody needs.</Text>}
        </Group>
      )}
      {links.length === 0 && !isMaking && (
        <Text c="dimmed">
          {mayWrite
            ? 'No link yet. Create one and send it to the people who will post leads.'
            : 'No link yet. Your role lacks the permission flows.write; an owner or an editor can create one.'}
        </Text>
      )}
      <ul className={styles['links']}>
        {links.map((link) => (
          <li key={link.id}>
            <LinkEntry link={link} place={place} mayWrite={mayWrite} />
          </li>
        ))}
      </ul>
    </>
  );
}

function LinkEntry({ link, place, mayWrite }: { link: PostingLink; place: SourcePlace; mayWrite: boolean }) {
  const [mode, setMode] = useState<'shown' | 'changing' | 'revoking'>('shown');
  const show = () => setMode('shown');
  const change = useLinkChange(place, {
    change: (settings: PostingSettings) => api.replacePostingLink(place.flowId, place.sourceId, link.id, settings),
    said: 'The link was changed',
    done: show,
  });
  const revoke = useLinkChange(place, {
    change: () => api.revokePostingLink(place.flowId, place.sourceId, link.id),
    said: 'The link was revoked',
    done: show,
  });
  return (
    <Stack gap="sm">
      {link.url === null ? (
        <Text>
          The server cannot open this link any more, because its key was changed. Revoke it and create another.
        </Text>
      ) : (
        <CodeBlock code={link.url} label="Link to the posting page" />
      )}
      <Text size="sm" c="dimmed">
        Created <Time at={link.created_at} />. {describeSettings(link)}
      </Text>
      {mode === 'changing' && (
        <LinkForm before={link} save={change.mutate} isSaving={change.isPending} error={change.error} cancel={show} />
      )}
      {mode === 'revoking' && (
        <Alert variant="outline" title="Revoke this link?" role="group">
          <Stack gap="sm" align="flex-start">
            <Text>The link shows nothing any more. Leads are taken as before.</Text>
            {revoke.error && <FaultAlert>{describeError(revoke.error).text}</FaultAlert>}
            <Group gap="sm">
              <Button onClick={() => revoke.mutate(undefined)} loading={revoke.isPending}>
                Revoke link
              </Button>
              <Button variant="default" onClick={show}>
                Keep it
              </Button>
            </Group>
          </Stack>
        </Alert>
      )}
      {mode === 'shown' && (
        <Group gap="sm">
          {link.url !== null && <CopyButton text={link.url} label="Copy link" word="Copy link" />}
          {link.url !== null && (
            <Button
              component="a"
              href={link.url}
              target="_blank"
              rel="noreferrer"
              variant="default"
              rightSection={<IconExternalLink size={14} aria-hidden />}
            >
              Show page
            </Button>
          )}
          {mayWrite && (
            <>
              <Button variant="default" onClick={() => setMode('changing')}>
                Change what it shows
              </Button>
              <Button variant="default" onClick={() => setMode('revoking')}>
                Revoke…
              </Button>
            </>
          )}
        </Group>
      )}
    </Stack>
  );
}

/** A change of the links of a source; the list is read again before it is done. */
function useLinkChange<Given>(
  place: SourcePlace,
  { change, said, done }: { change(given: Given): Promise<unknown>; said: string; done(): void },
) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: postingLinksQuery(place).queryKey });
      announce(said);
      done();
    },
  });
}

/** `Questions to Ann. Shows caps; hides rules.` */
function describeSettings(link: PostingLink): string {
  const shown = [
    link.shows_caps && 'shows caps',
    link.shows_prices && 'shows prices',
    link.hides_rules && 'hides rules',
    link.allows_live_tests && 'allows live tests',
  ].filter((each) => each !== false);
  const settings = shown.length === 0 ? 'without caps and prices' : shown.join(', ');
  const sentence = `${settings.charAt(0).toUpperCase()}${settings.slice(1)}.`;
  return link.contact === null ? sentence : `${sentence} Questions to ${link.contact}.`;
}

function LinksSkeleton() {
  return (
    <Delayed>
      <Stack gap="sm" aria-busy>
        <Skeleton h={36} w={120} />
        <Skeleton h={64} />
        <Skeleton h={36} />
      </Stack>
    </Delayed>
  );
}
