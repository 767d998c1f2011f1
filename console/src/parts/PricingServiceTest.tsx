import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { pricingServiceQuery, type TestedPricingService, testPricingService } from '../api/pricing-services.ts';
import { useMay } from '../api/use-session.ts';
import { CodeBlock } from './CodeBlock.tsx';
import { describeError } from './ErrorState.tsx';
import { FaultAlert } from './FaultAlert.tsx';
import { formatMoney } from './format-money.ts';
import { Sentence } from './Sentence.tsx';

/** Asks the service once, with values that are typed here. */
export function PricingServiceTest({ id }: { id: string }) {
  const { data: service, error } = useQuery(pricingServiceQuery(id));
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const mayTest = useMay('leads.test');
  const test = useMutation({ mutationFn: () => testPricingService(id, values) });
  if (error)
    return (
      <Text c="dimmed">
        The service could not be read: <Sentence text={describeError(error).text} />
      </Text>
    );
  if (service === undefined || !mayTest) return null;
  return (
    <Stack gap="sm" role="group" aria-label="Test the service">
      <Text size="sm" c="dimmed">
        It is sent {service.variables.length === 0 ? 'no variables' : 'these variables and no others'}, at{' '}
        <bdi>{service.url}</bdi>. A test sends what you type, and no lead is stored.
      </Text>
      {service.variables.map((variable) => (
        <TextInput
          key={variable}
          label={variable}
          value={values[variable] ?? ''}
          maxLength={1_000}
          onChange={({ currentTarget: { value } }) => setValues({ ...values, [variable]: value })}
        />
      ))}
      <Group>
        <Button variant="default" loading={test.isPending} onClick={() => test.mutate()}>
          Ask once
        </Button>
      </Group>
      {test.error && <FaultAlert>{describeError(test.error).text}</FaultAlert>}
      {test.data && <Answer tested={test.data} />}
    </Stack>
  );
}

function Answer({ tested: { price, reason, fault, ms, response } }: { tested: TestedPricingService }) {
  return (
    <Stack gap="xs" role="status">
      <Text>
        {price === null ? `It gave no price: it ${fault ?? 'did not answer'}.` : `It answered ${formatMoney(price)}`}
        {price !== null && reason !== null && `, because “${reason}”`} ({ms} ms)
      </Text>
      {price === null && response !== null && (
        <CodeBlock code={`${response.status}\n${response.body}`} label="What it answered" />
      )}
    </Stack>
  );
}
