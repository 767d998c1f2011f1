import type { CapDurationUnit } from '../../../../src/model/cap.ts';
import type { Fault } from '../part-props.ts';
import { ChoiceField, WholeField } from '../sentence/Sentence.tsx';

/** Windows longer than this are written in a larger unit. */
const DURATION_MAX = 10_000;
const UNITS: readonly CapDurationUnit[] = ['minute', 'hour', 'day', 'week', 'month'];

/** Two of the fields: every `[2]` `[weeks]`. */
export function TimeSpan(props: {
  name: string;
  duration: number;
  units: CapDurationUnit;
  isReadOnly: boolean;
  faults: { duration: readonly Fault[]; units: readonly Fault[] };
  change(duration: number, units: CapDurationUnit): void;
}) {
  const { name, duration, units, isReadOnly, faults, change } = props;
  return (
    <>
      <WholeField
        caption="Every"
        label={`Every, units in the window of ${name}`}
        value={duration}
        min={1}
        max={DURATION_MAX}
        isReadOnly={isReadOnly}
        faults={faults.duration}
        change={(next) => change(next, units)}
      />
      <ChoiceField
        caption="Unit"
        label={`Unit of the window of ${name}`}
        value={units}
        choices={UNITS.map((value) => ({ value, label: duration === 1 ? value : `${value}s` }))}
        isReadOnly={isReadOnly}
        faults={faults.units}
        change={(next) => change(duration, next)}
      />
    </>
  );
}
