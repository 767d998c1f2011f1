import { Checkbox, Stack } from '@mantine/core';
import type { DistributionStep, Margin } from '../../../../src/model/flow.ts';
import type { PartProps } from '../part-props.ts';
import { Faults } from '../sentence/Faults.tsx';
import { faultsAt, faultsIn } from '../sentence/faults.ts';
import { PRICE_DOLLARS_MAX } from '../sentence/parse-amount.ts';
import { ChoiceField, OptionalDollarsField, OptionalNumberField, Sentence } from '../sentence/Sentence.tsx';
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
      <Sentence>
        <span>All bids of a tier may take</span>
        <OptionalNumberField
          label="Milliseconds for all bids"
          value={value.bid_timeout_ms}
          {...BID_TIMEOUT_MS}
          placeholder={BID_TIMEOUT_MS.usual}
          isWhole
          isReadOnly={isReadOnly}
          faults={at('bid_timeout_ms')}
          change={(next) => set('bid_timeout_ms', next, 'Changed the time for bids')}
        />
        <span>ms. A bid below</span>
        <OptionalDollarsField
          label="Lowest bid"
          value={value.minimum_price}
          max={PRICE_DOLLARS_MAX}
          placeholder="any"
          isReadOnly={isReadOnly}
          faults={at('minimum_price')}
          change={(next) => set('minimum_price', next, 'Changed the lowest bid')}
        />
        <span>does not get the lead.</span>
      </Sentence>
      <MarginSentence
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

function MarginSentence(props: { margin: Margin | null; isReadOnly: boolean; change(next: Margin | null): void }) {
  const { margin, isReadOnly, change } = props;
  const kind: MarginKind = margin === null ? 'none' : margin.percent !== undefined ? 'percent' : 'amount';
  const choose = (next: MarginKind) => {
    const { amount, percent, ...others } = margin ?? {};
    if (next === 'none') return change(null);
    change(next === 'amount' ? { ...others, amount: amount ?? 1 } : { ...others, percent: percent ?? 10 });
  };
  return (
    <Sentence>
      <span>A sale leaves</span>
      {kind === 'amount' && (
        <OptionalDollarsField
          label="Margin in dollars"
          value={margin?.amount}
          max={PRICE_DOLLARS_MAX}
          isReadOnly={isReadOnly}
          change={(amount) => change(amount === undefined ? null : { ...margin, amount })}
        />
      )}
      {kind === 'percent' && (
        <OptionalNumberField
          label="Margin in percent of the bid"
          value={margin?.percent}
          max={100}
          isReadOnly={isReadOnly}
          change={(percent) => change(percent === undefined ? null : { ...margin, percent })}
        />
      )}
      <ChoiceField<MarginKind>
        label="Margin of sales"
        value={kind}
        choices={[
          { value: 'none', label: 'any margin' },
          { value: 'amount', label: 'dollars at least' },
          { value: 'percent', label: '% of the bid at least' },
        ]}
        isReadOnly={isReadOnly}
        change={choose}
      />
      <span>above what the lead costs.</span>
    </Sentence>
  );
}
