import { OutcomeBadge } from '../../parts/OutcomeBadge.tsx';
import { Time } from '../../parts/Time.tsx';

/** When the token that was fetched with a credential ends. */
export function Expiry({ at }: { at: string | null }) {
  if (at === null) return '–';
  if (Date.parse(at) > Date.now()) return <Time at={at} />;
  return <OutcomeBadge status="skip" word="Ended" />;
}
