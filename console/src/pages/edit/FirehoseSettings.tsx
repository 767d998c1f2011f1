import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { isFlat } from '../../../../src/flows/read-firehose.ts';
import { CredentialPicker } from '../../editor/mappings/CredentialPicker.tsx';
import { More } from '../../editor/sentence/More.tsx';
import { FaultNotes } from './FaultNotes.tsx';
import { JsonPart } from './JsonPart.tsx';
import { SwitchPart } from './SwitchPart.tsx';
import { TextPart } from './TextPart.tsx';
import { usePart } from './use-part.ts';

type Firehose = Readonly<Record<string, unknown>> & { services?: Readonly<Record<string, unknown>> };

const SERVICES = [
  { service: 'aws', name: 'S3', bucket: 'Bucket', add: 'Copy events to S3' },
  { service: 'azure', name: 'Azure', bucket: 'Container', add: 'Copy events to Azure' },
] as const;
/** Faults that stand at their fields. */
const SHOWN = /\.(enabled|bucket|prefix|credential_id)$/;
type Service = (typeof SERVICES)[number];

/** Where events are copied to: a form for each service, and all of it as JSON. */
export function FirehoseSettings() {
  const { value: firehose, faults: own } = usePart<Firehose>('firehose');
  // A flow of the original may set up S3 beside the services.
  const isOld = firehose !== undefined && isFlat(firehose) && firehose.services?.['aws'] === undefined;
  const placeOf = ({ service }: Service) => (isOld && service === 'aws' ? 'firehose' : `firehose.services.${service}`);
  return (
    <section aria-labelledby="firehose">
      <Title order={3} id="firehose">
        Firehose
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        Copies every event as a JSON object to buckets of S3 and Azure.
      </Text>
      <Stack gap="md">
        {SERVICES.map((each) => (
          <ServiceForm key={each.service} {...{ each, place: placeOf(each) }} />
        ))}
        <FaultNotes faults={own.filter(({ path }) => !SHOWN.test(path))} />
      </Stack>
      <More word="Firehose as JSON">
        <JsonPart path="firehose" label="Firehose" rows={12} />
      </More>
    </section>
  );
}

function ServiceForm({ each: { service, name, bucket, add }, place }: { each: Service; place: string }) {
  const all = usePart<Firehose>('firehose');
  const credential = usePart<string>(`${place}.credential_id`);
  const { value, change, isReadOnly } = usePart<unknown>(place);
  if (value === undefined) {
    if (isReadOnly) return null;
    return (
      <div>
        <Button variant="default" onClick={() => change({ enabled: true }, `Added ${name} to the firehose`)}>
          {add}
        </Button>
      </div>
    );
  }
  const remove = () => {
    const { [service]: _gone, ...services } = all.value?.services ?? {};
    const isEmpty = Object.keys(services).length === 0;
    // The old form has its bucket beside the services; the new one has nothing there.
    all.change(isEmpty ? undefined : { services }, `Removed ${name} from the firehose`);
  };
  return (
    <Stack gap="sm" role="group" aria-label={name}>
      <Text fw={600}>{name}</Text>
      <SwitchPart
        {...{ path: `${place}.enabled`, label: `Copies to ${name}`, isKept: true, usual: false }}
        description="Switched off, what is set up stays."
      />
      <TextPart path={`${place}.bucket`} label={bucket} placeholder="acme-leads" isRequired />
      <TextPart
        path={`${place}.prefix`}
        label="Prefix"
        description="The beginning of the names of objects: prefix/lead/event.json."
      />
      <CredentialPicker {...credential} />
      {!isReadOnly && (
        <Group>
          <Button variant="default" size="compact-sm" onClick={remove}>
            Remove {name}
          </Button>
        </Group>
      )}
    </Stack>
  );
}
