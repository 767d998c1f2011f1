import { LOOKBACK_INTERVALS, type LookbackInterval, type Span } from '../../../../src/model/flow.ts';
import type { Fault } from '../part-props.ts';
import { faultsAt, faultsIn } from './faults.ts';
import { ChoiceField, WholeField } from './Sentence.tsx';

/** As `LOOKBACK_VALUE_MAX` of the server. */
const VALUE_MAX = 10_000;

/** Two of the fields, `[30]` `[days]`: a length of time. */
export function LengthField(props: {
  label: string;
  /** Above its number. */
  caption: string;
  value: Span;
  isReadOnly: boolean;
  faults: readonly Fault[];
  path: string;
  change(next: Span): void;
}) {
  const { label, caption, value, isReadOnly, faults, path, change } = props;
  const others = faultsAt(faults, path);
  return (
    <>
      <WholeField
        caption={caption}
        label={label}
        value={value.value}
        min={1}
        max={VALUE_MAX}
        isReadOnly={isReadOnly}
        faults={[...others, ...faultsIn(faults, `${path}.value`)]}
        change={(next) => change({ ...value, value: next })}
      />
      <ChoiceField<LookbackInterval>
        caption="Unit"
        label={`Unit: ${label}`}
        value={value.interval}
        choices={LOOKBACK_INTERVALS.map((interval) => ({
          value: interval,
          label: value.value === 1 ? interval : `${interval}s`,
        }))}
        isReadOnly={isReadOnly}
        faults={faultsIn(faults, `${path}.interval`)}
        change={(interval) => change({ ...value, interval })}
      />
    </>
  );
}
