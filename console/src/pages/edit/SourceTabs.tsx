import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Source } from '../../../../src/model/flow.ts';
import { flowQuery } from '../../api/flows.ts';
import { CodeBlock } from '../../parts/CodeBlock.tsx';
import { buildSubmitUrl } from '../flow/build-submit-url.ts';
import { CredentialSelect } from './CredentialSelect.tsx';
import { NumberPart } from './NumberPart.tsx';
import { SwitchPart } from './SwitchPart.tsx';
import { TagsPart } from './TagsPart.tsx';
import { TextPart } from './TextPart.tsx';
import { useEdit } from './use-edit.ts';
import { usePart } from './use-part.ts';

/** Who submits, and where to. */
export function SourceTab({ path }: { path: string }) {
  return (
    <Stack gap="lg">
      <TextPart path={`${path}.entity.name`} label="Name" isRequired description="As leads and reports call it." />
      <SwitchPart
        {...{ path: `${path}.enabled`, label: 'Takes leads', usual: true }}
        description="While it is off, leads sent here are answered 403."
      />
      <WhereToSend path={path} />
      <NumberPart
        {...{ path: `${path}.deadline_seconds`, label: 'Deadline in seconds', min: 0.1, max: 3_600, isWhole: false }}
        description="How long a whole lead may take; steps get what is left of it."
        placeholder="no bound of its own"
      />
      <TagsPart
        {...{ path: `${path}.response_fields`, label: 'Answer carries' }}
        description="Variables that the sender gets back, beside those that the module chooses."
        placeholder="outcome, reason, lead.id, price"
      />
    </Stack>
  );
}

/** The address works as soon as the source is published. */
function WhereToSend({ path }: { path: string }) {
  const { flowId } = useEdit();
  const { value: source } = usePart<Source>(path);
  const { data: saved } = useQuery(flowQuery(flowId));
  const sourceId = source?.entity?.id;
  if (sourceId === undefined) return <Text size="sm">It gets its submit URL when the draft is published.</Text>;
  const isSaved = saved?.sources.some(({ id }) => id === sourceId) ?? false;
  return (
    <section aria-labelledby="submit-url">
      <Title order={3} id="submit-url" mb="xs">
        Submit URL
      </Title>
      <CodeBlock code={buildSubmitUrl({ flowId, sourceId })} label="Submit URL" />
      <Group gap="sm" mt="sm">
        {isSaved ? (
          <Button
            variant="default"
            renderRoot={(props) => (
              <Link {...props} to="/flows/$flowId" params={{ flowId }} search={{ source: sourceId }} />
            )}
          >
            Links to its posting page
          </Button>
        ) : (
          <Text size="sm" c="dimmed">
            It takes leads, and can have a posting page, once the draft is published.
          </Text>
        )}
      </Group>
    </section>
  );
}

/** Who may submit. */
export function SourceAccessTab({ path }: { path: string }) {
  return (
    <Stack gap="lg">
      <SwitchPart
        {...{ path: `${path}.authentication_required`, label: 'Ask for an API key', usual: false }}
        description="Who sends gives an API key of the account that may submit here, as the password of HTTP Basic."
      />
      <CredentialSelect
        path={`${path}.credential_id`}
        label="Only this API key"
        description="It is then required, and no other key may submit."
      />
      <TagsPart
        {...{ path: `${path}.allowed_origins`, label: 'Pages that may send' }}
        description="Origins; a page of any other gets the status 403. Requests of servers have no origin and are taken."
        placeholder="https://www.example.com"
      />
      <TagsPart
        {...{ path: `${path}.redirect_hosts`, label: 'Hosts that people may be sent on to' }}
        description="For forms that give a redir_url. *.example.com stands for every host below example.com."
        placeholder="every host"
      />
    </Stack>
  );
}
