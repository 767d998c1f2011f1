import type { KeptPeriod } from '../../api/account.ts';

/** Whether rows have values of people, in words. */
export const VALUES: Readonly<Record<KeptPeriod['values_of_people'], string>> = {
  no: 'No',
  yes: 'Yes',
  reasons: 'In reasons that quote one',
  keyed: 'Keyed hashes alone',
};

/** `90 days`, `1 day`. */
export function describeDays(days: number): string {
  return days === 1 ? '1 day' : `${new Intl.NumberFormat('en-US').format(days)} days`;
}
