import { Button, Radio, Stack, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useRef } from 'react';
import type { Price, Pricing } from '../../../../src/model/pricing.ts';
import type { PartProps } from '../part-props.ts';
import { Faults } from '../sentence/Faults.tsx';
import { faultsAt, faultsElsewhere } from '../sentence/faults.ts';
import { type OwnerKind, ownerKindOf, readBeside } from '../sentence/owner-of.ts';
import { EntryButton, EntryButtons, MoveButtons } from '../sentence/PartActions.tsx';
import { PRICE_DOLLARS_MAX } from '../sentence/parse-amount.ts';
import { RulesPart } from '../sentence/RulesPart.tsx';
import { DollarsField, Fields, OptionalDollarsField } from '../sentence/Sentence.tsx';
import styles from '../sentence/sentence.module.css';
import { useListFocus } from '../sentence/use-list-focus.ts';
import { withMember, withMoved, withProperty } from '../sentence/with-property.ts';
import { findHiding, isPriceForAll, type PriceSide } from './describe-pricing.ts';

const NEW_PRICE: Price = { amount: 1 };
const PRICE_MIN = 0.0001;

interface PricingEditorProps extends PartProps<Pricing> {
  /** `cost`: what a lead costs, of a flow or a source. `revenue`: what a recipient pays. */
  side: PriceSide;
}

type Mode = 'prices' | 'override';

/** Prices by rules, or the price that the other side names. */
export function PricingEditor({ side, ...part }: PricingEditorProps) {
  const { value, change, path, faults, names, isReadOnly } = part;
  // Of the mode that was left: they come back with it, while the part is open.
  const left = useRef<Partial<Pricing>>({});
  const mode: Mode = value?.override === true ? 'override' : 'prices';
  const service = side === 'cost' ? readBeside(names.document, path, 'pricing_service') : undefined;
  const choose = (next: Mode) => {
    if (next === mode) return;
    const { override: _override, prices = [], maximum_price, ...others } = value ?? {};
    const before = left.current;
    left.current = { prices, maximum_price: maximum_price ?? null };
    if (next === 'override') {
      const maximum = before.maximum_price ?? null;
      const taken = prices?.length ? `; took out ${prices.length === 1 ? '1 price' : `${prices.length} prices`}` : '';
      change(
        {
          ...others,
          override: true,
          prices: [],
          ...(side === 'revenue' && maximum !== null && { maximum_price: maximum }),
        },
        `${OVERRIDE[side].what}${taken}`,
      );
    } else {
      const kept = before.prices ?? [];
      change(
        kept.length === 0 && Object.keys(others).length === 0 ? undefined : { ...others, prices: kept },
        'Prices by rules',
      );
    }
  };
  return (
    <Stack gap="md">
      {service !== undefined && service !== null && (
        <Text>A pricing service is asked here, so these prices have no effect while it is.</Text>
      )}
      <Radio.Group
        label={side === 'cost' ? 'What a lead costs' : 'What the recipient pays'}
        value={mode}
        onChange={(next) => choose(next === 'override' ? 'override' : 'prices')}
      >
        <Stack gap={8} mt={8}>
          <Radio value="prices" label="Prices by rules" disabled={isReadOnly} />
          <Radio
            value="override"
            label={OVERRIDE[side].label}
            description={OVERRIDE[side].does}
            disabled={isReadOnly}
          />
        </Stack>
      </Radio.Group>
      <Faults
        faults={faultsElsewhere(faults, path, mode === 'prices' ? ['prices', 'maximum_price'] : ['maximum_price'])}
      />
      {mode === 'prices' ? <Prices {...part} /> : side === 'revenue' && <MaximumPrice {...part} />}
      {mode === 'prices' && <Faults faults={faultsAt(faults, `${path}.maximum_price`)} />}
    </Stack>
  );
}

const OVERRIDE: Readonly<Record<PriceSide, { label: string; does: string; what: string }>> = {
  cost: {
    label: 'The price that is submitted',
    does: 'The value of the field price. A lead without one costs 0.',
    what: 'A lead costs what is submitted',
  },
  revenue: {
    label: 'The price that the recipient answers',
    does: 'Its module reads the price from the answer. An answer without one books 0.',
    what: 'The recipient pays what it answers',
  },
};

function MaximumPrice({ value = {}, change, path, faults, isReadOnly }: PartProps<Pricing>) {
  return (
    <div>
      <Fields>
        <OptionalDollarsField
          caption="Maximum price"
          label="Maximum price"
          value={value.maximum_price}
          min={PRICE_MIN}
          max={PRICE_DOLLARS_MAX}
          placeholder="any"
          isReadOnly={isReadOnly}
          faults={faultsAt(faults, `${path}.maximum_price`)}
          change={(next) => change(withProperty(value, 'maximum_price', next), 'Changed the maximum price')}
        />
      </Fields>
      <p className={styles['note']}>
        A higher answer is booked at this price, with a warning. A cap of this step that counts dollars needs it,
        because the price is held before the delivery.
      </p>
    </div>
  );
}

function Prices({ value = {}, change, ...part }: PartProps<Pricing>) {
  const { path, isReadOnly } = part;
  const prices = value.prices ?? [];
  const hiding = findHiding(prices);
  const focus = useListFocus<HTMLOListElement>();
  const put = (next: Price[], what: string) => {
    const { prices: _prices, ...others } = value;
    const isEmpty = next.length === 0 && Object.keys(others).every((name) => name === 'override');
    change(isEmpty ? undefined : { ...value, prices: next }, what);
  };
  return (
    <Stack gap="md">
      {prices.length > 1 && (
        <Text>
          <strong>Of the prices that match a lead, the last one in this list counts.</strong> Put the usual price first
          and exceptions below it.
        </Text>
      )}
      <ol className={styles['entries']} ref={focus.list}>
        {prices.map((price, index) => (
          <li key={priceKey(price, index)}>
            <PriceEntry
              {...part}
              {...{
                price,
                index,
                count: prices.length,
                hiding: hiding[index] ?? null,
                path: `${path}.prices.${index}`,
              }}
              replace={(next, what) => {
                put(withMember(prices, index, next), what);
                if (next === undefined) focus.toAdd();
              }}
              move={(to) => put(withMoved(prices, index, to), `Moved price ${index + 1} to place ${to + 1}`)}
            />
          </li>
        ))}
      </ol>
      <p className={styles['note']}>{describeRest(prices, ownerKindOf(path))}</p>
      {!isReadOnly && (
        <div>
          <Button
            ref={focus.add}
            variant="default"
            leftSection={<IconPlus size={16} aria-hidden />}
            onClick={() => {
              put([...prices, NEW_PRICE], 'Added a price');
              focus.toEntry(prices.length);
            }}
          >
            Add price
          </Button>
        </div>
      )}
    </Stack>
  );
}

/** Its id, where it was saved once. */
function priceKey({ id }: Price, index: number): string {
  return typeof id === 'string' ? id : String(index);
}

/** What a lead costs that none of the prices is for. */
function describeRest(prices: readonly Price[], owner: OwnerKind): string {
  if (isPriceForAll(prices)) return 'Every lead has a price here.';
  const who = prices.length === 0 ? 'No price' : 'A lead that none of them matches has no price here';
  if (owner === 'flow') return `${who}: the price of its source counts, else the lead costs $0.00.`;
  return owner === 'source'
    ? `${who}: it costs $0.00, unless the flow has a price.`
    : `${who}: the recipient pays $0.00.`;
}

interface PriceEntryProps extends Omit<PricingEditorProps, 'value' | 'change' | 'side'> {
  price: Price;
  index: number;
  count: number;
  /** The place of the price that always counts instead; null: this one may count. */
  hiding: number | null;
  replace(next: Price | undefined, what: string): void;
  move(to: number): void;
}

function PriceEntry(props: PriceEntryProps) {
  const { price, index, count, hiding, path, faults, names, isReadOnly, replace, move } = props;
  const name = `Price ${index + 1}`;
  return (
    <Stack gap={8} role="group" aria-label={name}>
      <div className={styles['head']}>
        <DollarsField
          caption={name}
          label={name}
          value={price.amount}
          min={PRICE_MIN}
          max={PRICE_DOLLARS_MAX}
          isReadOnly={isReadOnly}
          faults={faultsAt(faults, `${path}.amount`)}
          change={(amount) => replace({ ...price, amount }, `Set ${name.toLowerCase()} to $${amount}`)}
        />
        {!isReadOnly && (
          <EntryButtons>
            {count > 1 && <MoveButtons {...{ name, index, count, move }} />}
            <EntryButton
              word="Remove"
              name={name}
              onClick={() => replace(undefined, `Removed ${name.toLowerCase()}`)}
            />
          </EntryButtons>
        )}
      </div>
      {hiding !== null && (
        <Faults
          faults={[
            {
              ...{ path: `${path}.hidden`, level: 'warning' },
              message: `It never counts: price ${hiding + 1} below it is for every lead. Move it below, or remove it.`,
            },
          ]}
        />
      )}
      <RulesPart
        {...{ faults, names, isReadOnly, name, value: price.rule_set, path: `${path}.rule_set` }}
        change={(next, what) => replace(withProperty(price, 'rule_set', next), what)}
      />
      <Faults faults={faultsElsewhere(faults, path, ['amount', 'rule_set'])} />
    </Stack>
  );
}
