import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { PricingServiceConfiguration } from '../../../../src/model/pricing.ts';
import { pricingServiceQuery, type TestedPricingService, testPricingService } from '../../api/pricing-services.ts';
import { useMay } from '../../api/use-session.ts';
import { CodeBlock } from '../../parts/CodeBlock.tsx';
import { describeError } from '../../parts/ErrorState.tsx';
import { FaultAlert } from '../../parts/FaultAlert.tsx';
import { formatMoney } from '../../parts/format-money.ts';
import type { PartProps } from '../part-props.ts';
import { Faults } from '../sentence/Faults.tsx';
import { faultsAt, faultsElsewhere } from '../sentence/faults.ts';
import { ownerKindOf } from '../sentence/owner-of.ts';
import { PRICE_DOLLARS_MAX } from '../sentence/parse-amount.ts';
import { ChoiceField, DollarsField, Sentence } from '../sentence/Sentence.tsx';
import styles from '../sentence/sentence.module.css';

const NO_SERVICE = '';

/** Which service is asked for the price of each lead, and the price when it gives none. */
export function PricingServiceEditor(props: PartProps<PricingServiceConfiguration>) {
  const { value, change, path, faults, names, isReadOnly } = props;
  const serviceId = value?.service_id ?? NO_SERVICE;
  const isThere = names.pricingServices.some(({ id }) => id === serviceId);
  const choose = (id: string) => {
    if (id === NO_SERVICE) return change(undefined, 'No pricing service is asked');
    const name = names.pricingServices.find((each) => each.id === id)?.name ?? id;
    change({ fallback_price: 0, ...value, service_id: id }, `${name} is asked for the price`);
  };
  return (
    <Stack gap="md">
      <Text c="dimmed">
        A pricing service is a web service of yours that is asked what each lead costs. Where one is named, the prices
        beside it have no effect.{' '}
        {ownerKindOf(path) === 'source' && 'The one of a source is asked when the flow has no price.'}
      </Text>
      {names.pricingServices.length === 0 && (
        <Text>
          The account has no pricing service yet. Make one with the API, POST /pricing_services; then it can be chosen
          here.
        </Text>
      )}
      <Sentence>
        <span>Ask</span>
        <ChoiceField
          label="Pricing service"
          value={serviceId}
          choices={[
            { value: NO_SERVICE, label: 'no service' },
            ...names.pricingServices.map(({ id, name }) => ({ value: id, label: name })),
            ...(serviceId !== NO_SERVICE && !isThere ? [{ value: serviceId, label: `${serviceId} (not there)` }] : []),
          ]}
          isReadOnly={isReadOnly}
          faults={faultsAt(faults, `${path}.service_id`)}
          change={choose}
        />
        {value !== undefined && (
          <>
            <span>; without an answer within 2 seconds a lead costs</span>
            <DollarsField
              label="Fallback price"
              value={value.fallback_price}
              max={PRICE_DOLLARS_MAX}
              isReadOnly={isReadOnly}
              faults={faultsAt(faults, `${path}.fallback_price`)}
              change={(fallback_price) => change({ ...value, fallback_price }, 'Changed the fallback price')}
            />
          </>
        )}
      </Sentence>
      <Faults faults={faultsElsewhere(faults, path, ['service_id', 'fallback_price'])} />
      {isThere && <ServiceTest key={serviceId} id={serviceId} />}
    </Stack>
  );
}

/** Asks the service once, with values that are typed here. */
function ServiceTest({ id }: { id: string }) {
  const { data: service, error } = useQuery(pricingServiceQuery(id));
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const mayTest = useMay('leads.test');
  const test = useMutation({ mutationFn: () => testPricingService(id, values) });
  if (error) return <p className={styles['note']}>The service could not be read: {describeError(error).text}</p>;
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
