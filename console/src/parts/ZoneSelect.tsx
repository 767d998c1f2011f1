import { Select } from '@mantine/core';
import { useMemo } from 'react';
import { describeZone, listZones } from './zones.ts';

/** A time zone by its IANA name, with the time it is there. */
export function ZoneSelect({ value, onChange }: { value: string; onChange(zone: string): void }) {
  const zones = useMemo(() => listZones(value), [value]);
  return (
    <Select
      label="Time zone of the account"
      description={`Where days begin for caps, hours and reports. It is ${describeZone(value, new Date())}.`}
      data={zones}
      value={value}
      onChange={(zone) => zone !== null && onChange(zone)}
      searchable
      allowDeselect={false}
      limit={50}
    />
  );
}
