import { Anchor, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { PricingServiceConfiguration } from '../../../../src/model/pricing.ts';
import { PricingServiceTest } from '../../parts/PricingServiceTest.tsx';
import type { PartProps } from '../part-props.ts';
import { Faults } from '../sentence/Faults.tsx';
import { faultsAt, faultsElsewhere } from '../sentence/faults.ts';
import { ownerKindOf } from '../sentence/owner-of.ts';
import { PRICE_DOLLARS_MAX } from '../sentence/parse-amount.ts';
import { ChoiceField, DollarsField, Fields } from '../sentence/Sentence.tsx';

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
          The account has no pricing service yet. Add one under{' '}
          <Anchor component={Link} to="/pricing-services" inherit underline="always">
            Library, Pricing services
          </Anchor>
          ; then it can be chosen here.
        </Text>
      )}
      <Fields>
        <ChoiceField
          caption="Pricing service"
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
          <DollarsField
            caption="Fallback price"
            label="Fallback price"
            value={value.fallback_price}
            max={PRICE_DOLLARS_MAX}
            isReadOnly={isReadOnly}
            faults={faultsAt(faults, `${path}.fallback_price`)}
            change={(fallback_price) => change({ ...value, fallback_price }, 'Changed the fallback price')}
          />
        )}
      </Fields>
      {value !== undefined && (
        <Text size="sm" c="dimmed">
          Without an answer within 2 seconds a lead costs the fallback price.
        </Text>
      )}
      <Faults faults={faultsElsewhere(faults, path, ['service_id', 'fallback_price'])} />
      {isThere && <PricingServiceTest key={serviceId} id={serviceId} />}
    </Stack>
  );
}
