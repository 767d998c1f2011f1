import { Anchor, Button, Code, Group, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { credentialsQuery } from '../../api/library.ts';
import { type PricingService, pricingServicesQuery, pricingServiceUsesQuery } from '../../api/pricing-services.ts';
import { useMay } from '../../api/use-session.ts';
import { AskFirst } from '../../parts/AskFirst.tsx';
import { Facts } from '../../parts/Facts.tsx';
import { SidePanel } from '../../parts/FormPanel.tsx';
import { NewSecret } from '../../parts/NewSecret.tsx';
import { PricingServiceTest } from '../../parts/PricingServiceTest.tsx';
import { Time } from '../../parts/Time.tsx';
import { Uses } from '../../parts/Uses.tsx';
import { useChange } from '../../parts/use-change.ts';
import { PricingServiceForm } from './PricingServiceForm.tsx';

interface PricingServicePanelProps {
  id: string;
  close(): void;
  show(secret: string): void;
}

/** One pricing service: what it is sent, a question to try, the flows that ask it, its secret and its end. */
export function PricingServicePanel({ id, close, show }: PricingServicePanelProps) {
  const { data: services } = useQuery(pricingServicesQuery);
  const [isChanging, setChanging] = useState(false);
  const service = services?.find((each) => each.id === id);
  if (service && isChanging)
    return <PricingServiceForm before={service} close={() => setChanging(false)} show={show} />;
  return (
    <SidePanel title="Pricing service" name={service?.name} close={close}>
      {services && service === undefined && <Text>No pricing service has the id in the address.</Text>}
      {service && <Details {...{ service, close, show }} change={() => setChanging(true)} />}
    </SidePanel>
  );
}

function Details(given: { service: PricingService; change(): void } & Omit<PricingServicePanelProps, 'id'>) {
  const { service, change, close, show } = given;
  const { id, url, variables, credential_id: credentialId, created_at: at } = service;
  const mayWrite = useMay('flows.write');
  const mayTest = useMay('leads.test');
  return (
    <Stack gap="lg">
      <div>
        <Code>{id}</Code>
      </div>
      <Facts
        facts={[
          ['URL', <bdi key="url">{url}</bdi>],
          ['Is sent', variables.length === 0 ? 'Nothing of the lead' : variables.join(', ')],
          ['Credential', credentialId === null ? 'None' : <CredentialLink key={credentialId} id={credentialId} />],
          ['Created', <Time key="at" at={at} />],
        ]}
      />
      {mayWrite && (
        <Group>
          <Button onClick={change}>Change</Button>
        </Group>
      )}
      <Stack gap="xs">
        <Title order={3}>Flows that ask it</Title>
        <Uses query={pricingServiceUsesQuery(id)} nothing="No flow names it, as it is saved or as it runs." />
      </Stack>
      {mayTest && (
        <Stack gap="xs">
          <Title order={3}>Does it answer?</Title>
          <PricingServiceTest id={id} />
        </Stack>
      )}
      <Secret id={id} show={show} />
      {mayWrite ? (
        <Remove id={id} close={close} />
      ) : (
        <Text size="sm" c="dimmed">
          Changing pricing services takes the permission flows.write. An owner can give you another role.
        </Text>
      )}
    </Stack>
  );
}

function CredentialLink({ id }: { id: string }) {
  const { data: credentials = [] } = useQuery(credentialsQuery);
  return (
    <Anchor component={Link} to={`/credentials/${id}`} inherit>
      <bdi>{credentials.find((each) => each.id === id)?.name ?? id}</bdi>
    </Anchor>
  );
}

function Secret({ id, show }: { id: string; show(secret: string): void }) {
  return (
    <NewSecret rotate={() => api.rotatePricingServiceSecret(id)} keys={[pricingServicesQuery.queryKey]} show={show}>
      Questions are signed with it from now on. Until your program knows it, it refuses them, and leads cost the price
      that flows have for that case.
    </NewSecret>
  );
}

/** What a flow names stays, so that nothing is asked of the person who would be refused. */
function Remove({ id, close }: { id: string; close(): void }) {
  const { data: flows } = useQuery(pricingServiceUsesQuery(id));
  const remove = useChange({
    run: () => api.removePricingService(id),
    keys: [pricingServicesQuery.queryKey],
    said: 'The pricing service was deleted',
    done: close,
  });
  if (flows === undefined) return null;
  return (
    <Stack gap="sm" align="flex-start">
      <Title order={3}>Delete</Title>
      {flows.length > 0 ? (
        <Text size="sm">
          The flows above ask it. Choose another service or another price in each of them and publish it, then delete
          this one.
        </Text>
      ) : (
        <AskFirst
          button="Delete…"
          title="Delete this pricing service?"
          verb="Delete pricing service"
          run={() => remove.mutate()}
          isRunning={remove.isPending}
          error={remove.error}
        >
          No flow names it. Its secret is gone with it, and drafts that name it cannot be published.
        </AskFirst>
      )}
    </Stack>
  );
}
