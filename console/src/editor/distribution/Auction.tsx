import { Checkbox, Stack } from '@mantine/core';
import type { DistributionStep, Margin } from '../../../../src/model/flow.ts';
import type { PartProps } from '../part-props.ts';
import { Faults } from '../sentence/Faults.tsx';
import { faultsAt, faultsIn } from '../sentence/faults.ts';
import { PRICE_DOLLARS_MAX } from '../sentence/parse-amount.ts';
import { ChoiceField, Fields, OptionalDollarsField, OptionalNumberField } from '../sentence/Sentence.tsx';
import sentence from '../sentence/sentence.module.css';
import { withProperty } from '../sentence/with-property.ts';

/** The bounds of `flow-compiler/compile-steps.ts`. */
const BID_TIMEOUT_MS = { min: 50, max: 10_000, usual: '1000' };

type MarginKind = 'none' | 'amount' | 'percent';

/** How bids are asked for, and which of them may get the lead. */
export function Auction({
  value,
  change,
  path,
  faults,
  names,
  isReadOnly,
}: PartProps<DistributionStep> & { value: DistributionStep }) {
  const at = (property: string) => faultsAt(faults, `${path}.${property}`);
  const set = <Name extends keyof DistributionStep>(
    property: Name,
    next: DistributionStep[Name] | undefined,
    what: string,
  ) => change(withProperty(value, property, next), what);
  return (
    <Stack gap="sm" role="group" aria-label="Bids">
      <Fields>
        <OptionalNumberField
          caption="Milliseconds for all bids"
          label="Milliseconds for all bids"
          value={value.bid_timeout_ms}
          {...BID_TIMEOUT_MS}
          placeholder={BID_TIMEOUT_MS.usual}
          isWhole
          isReadOnly={isReadOnly}
          faults={at('bid_timeout_ms')}
          change={(next) => set('bid_timeout_ms', next, 'Changed the time for bids')}
        />
        <OptionalDollarsField
          caption="Lowest bid"
          label="Lowest bid"
          value={value.minimum_price}
          max={PRICE_DOLLARS_MAX}
          placeholder="any"
          isReadOnly={isReadOnly}
          faults={at('minimum_price')}
          change={(next) => set('minimum_price', next, 'Changed the lowest bid')}
        />
      </Fields>
      <p className={sentence['note']}>The bids of a tier are waited for so long; a lower bid does not get the lead.</p>
      <MarginFields
        margin={value.margin_floor ?? null}
        isReadOnly={isReadOnly}
        change={(next) => set('margin_floor', next ?? undefined, 'Changed the margin of sales')}
      />
      <Faults faults={faultsIn(faults, `${path}.margin_floor`)} />
      <div>
        <Checkbox
          label="Pings are priced by bids: their price is the best bid less the margin"
          checked={value.bids_price_pings === true}
          disabled={isReadOnly}
          onChange={({ currentTarget: { checked } }) =>
            set(
              'bids_price_pings',
              checked ? true : undefined,
              checked ? 'Bids price pings' : 'Bids do not price pings',
            )
          }
        />
        {value.bids_price_pings === true && names.document.ping_enabled !== true && (
          <p className={sentence['note']}>
            The flow answers no pings, so this has no effect until its pings are switched on in its settings.
          </p>
        )}
        <Faults faults={at('bids_price_pings')} />
      </div>
    </Stack>
  );
}

function MarginFields(props: { margin: Margin | null; isReadOnly: boolean; change(next: Margin | null): void }) {
  const { margin, isReadOnly, change } = props;
  const kind: MarginKind = margin === null ? 'none' : margin.percent !== undefined ? 'percent' : 'amount';
  const choose = (next: MarginKind) => {
    const { amount, percent, ...others } = margin ?? {};
    if (next === 'none') return change(null);
    change(next === 'amount' ? { ...others, amount: amount ?? 1 } : { ...others, percent: percent ?? 10 });
  };
  return (
    <Fields>
      <ChoiceField<MarginKind>
        caption="Margin of sales"
        label="Margin of sales"
        value={kind}
        choices={[
          { value: 'none', label: 'any' },
          { value: 'amount', label: 'dollars at least' },
          { value: 'percent', label: '% of the bid at least' },
        ]}
        isReadOnly={isReadOnly}
        change={choose}
      />
      {kind === 'amount' && (
        <OptionalDollarsField
          caption="Margin in dollars"
          label="Margin in dollars"
          value={margin?.amount}
          max={PRICE_DOLLARS_MAX}
          isReadOnly={isReadOnly}
          change={(amount) => change(amount === undefined ? null : { ...margin, amount })}
        />
      )}
      {kind === 'percent' && (
        <OptionalNumberField
          caption="Margin in percent"
          label="Margin in percent of the bid"
          value={margin?.percent}
          max={100}
          isReadOnly={isReadOnly}
          change={(percent) => change(percent === undefined ? null : { ...margin, percent })}
        />
      )}
    </Fields>
  );
}
