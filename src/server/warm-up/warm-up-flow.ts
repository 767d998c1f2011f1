import type { CompiledFlow } from '../../flow-compiler/compiled-flow.ts';
import type { FlowCompiler } from '../../flow-compiler/flow-compiler.ts';
import { bareSurroundings } from '../../flows/flow-surroundings.ts';
import { asNewList, namedLists } from '../../flows/named-lists.ts';
import type { Ids } from '../../lib/ids.ts';
import type { Account } from '../../model/entity.ts';
import type { FlowDocument } from '../../model/flow.ts';

/** A public name, so that the checks of URLs pass; no request goes there. */
const RECIPIENT_URL = 'https://leads.example.com/';

/** Compiles a flow that has a part of everything that most flows have: list check, cap, price, filter, delivery. */
export function compileWarmUpFlow(
  compiler: Pick<FlowCompiler, 'compile'>,
  { account, ids }: { account: Account; ids: Ids },
): Promise<CompiledFlow> {
  const document = buildDocument(ids);
  const bare = bareSurroundings(account);
  const lists = namedLists(document, { surroundings: bare, ids }).map(
    (list) => [list.urlName, asNewList(list)] as const,
  );
  return compiler.compile({
    flowId: ids.next(),
    revision: 1,
    document,
    surroundings: { ...bare, lists: new Map(lists) },
  });
}

function buildDocument(ids: Ids): FlowDocument {
  return {
    name: 'Warm-up',
    enabled: true,
    fields: ['first_name', 'last_name', 'email', 'phone_1', 'address_1', 'city', 'state', 'postal_code'],
    sources: [
      {
        id: ids.short(),
        entity: { id: ids.next(), name: 'Sender' },
        integration: { module_id: 'leadconduit-default.inbound', mappings: [] },
      },
    ],
    list_checks: {
      duplicate: { value: '{{lead.email}}', list_name: 'Made up', lookback: { value: 30, interval: 'day' } },
    },
    caps: [
      { id: ids.next(), type: 'volume', maximum: 1_000_000, duration: 1, duration_units: 'day', time_zone: 'UTC' },
    ],
    pricing: { prices: [{ amount: 5 }] },
    acceptance_criteria: {
      rule_set: { op: 'and', rules: [{ id: ids.short(), lhv: 'lead.state', op: 'is not equal to', rhv: 'AK' }] },
      outcome: 'failure',
    },
    steps: [
      {
        id: ids.short(),
        type: 'filter',
        reason: 'duplicate',
        outcome: 'failure',
        rule_set: { op: 'and', rules: [{ id: ids.short(), lhv: 'suppressionlist.is_duplicate', op: 'is true' }] },
      },
      {
        id: ids.short(),
        type: 'recipient',
        entity: { id: ids.next(), name: 'Recipient' },
        integration: {
          module_id: 'leadconduit-custom.outbound.json',
          mappings: Object.entries(PROPERTIES).map(([property, value]) => ({ id: ids.short(), property, value })),
        },
      },
    ],
  };
}

const PROPERTIES = {
  url: RECIPIENT_URL,
  'json_property.lead_id': '{{lead.id}}',
  'json_property.first_name': '{{lead.first_name}}',
  'json_property.last_name': '{{lead.last_name}}',
  'json_property.email': '{{lead.email}}',
  'json_property.phone': '{{lead.phone_1}}',
  'json_property.state': '{{lead.state}}',
  outcome_search_path: 'outcome',
  outcome_search_term: 'success',
};
