import type { FilterStep, FlowDocument } from '../../src/model/flow.ts';
import { dailyCap, deliveryStep, flowWith } from '../workloads.ts';

type Rule = FilterStep['rule_set']['rules'][number];

/** The flow of the comparison in Sluice: duplicate check, daily cap, five filters, one delivery. */
export function buildSluiceFlow(options: { name: string; cap: number; recipientUrl: string }): FlowDocument {
  const { name, cap, recipientUrl } = options;
  const steps: FilterStep[] = [
    filter('duplicate', { lhv: 'suppressionlist.is_duplicate', op: 'is true' }),
    filter('email', { lhv: 'lead.email', op: 'format is invalid' }),
    filter('phone', { lhv: 'lead.phone_1', op: 'format is invalid' }),
    filter('postal_code', { lhv: 'lead.postal_code', op: 'format is invalid' }),
    filter('certificate', { lhv: 'lead.trustedform_cert_url', op: 'is blank' }),
    filter('state', { lhv: 'lead.state', op: 'is not included in', rhv: ['TX', 'CA', 'NY'] }),
  ];
  const flow = flowWith([deliveryStep({ url: recipientUrl })]);
  return {
    ...flow,
    name,
    list_checks: {
      duplicate: { value: '{{lead.email}}', list_name: name, lookback: { value: 30, interval: 'day' } },
    },
    caps: [dailyCap(cap)],
    pricing: { prices: [{ amount: 5 }] },
    steps: [...steps, ...flow.steps],
  };
}

function filter(reason: string, rule: Rule): FilterStep {
  return { type: 'filter', reason, outcome: 'failure', rule_set: { op: 'and', rules: [rule] } };
}
