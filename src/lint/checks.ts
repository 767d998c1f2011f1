import type { Sliced } from '../lib/slices.ts';
import type { Problem } from '../model/problem.ts';
import { batchMappings } from './batch-mappings.ts';
import { capsNeverFill } from './caps-never-fill.ts';
import { capsTakeNone } from './caps-take-none.ts';
import { contradictoryRules } from './contradictory-rules.ts';
import { distributionShares } from './distribution-shares.ts';
import { feedbackWithoutEffect } from './feedback-without-effect.ts';
import { filterStopsAll } from './filter-stops-all.ts';
import { flowsInACircle } from './flows-in-a-circle.ts';
import type { LintContext } from './lint-context.ts';
import { mappedFieldsMissing } from './mapped-fields-missing.ts';
import { maskedNotRetried } from './masked-not-retried.ts';
import { patternsNeverMatch } from './patterns-never-match.ts';
import { personalDataInBids } from './personal-data-in-bids.ts';
import { pingsWithoutEffect } from './pings-without-effect.ts';
import { recipientUrlRefused } from './recipient-url-refused.ts';
import { recipientsWithoutFilter } from './recipients-without-filter.ts';
import { retriesAfterAnswer, retriesWithAlternatives } from './retried-steps.ts';
import { revenueCapsWithoutPrice } from './revenue-caps-without-price.ts';
import { rulesAlwaysPass } from './rules-always-pass.ts';
import { secretsInMappings } from './secrets-in-mappings.ts';
import { settingsWithoutEffect } from './settings-without-effect.ts';
import { stepsNotRun } from './steps-not-run.ts';
import { unknownProperties } from './unknown-properties.ts';
import { unknownVariables } from './unknown-variables.ts';
import { unmappedProperties } from './unmapped-properties.ts';
import { valuesNotOfList } from './values-not-of-list.ts';

export interface LintCheck {
  name: string;
  /** For the reference: what it finds, and an example. */
  what: string;
  /** Pauses behind each part it looks at, because a flow may have thousands of them (page 0052). */
  run(context: LintContext): Sliced<Problem[]>;
}

/** Of a check that takes no more than a few milliseconds in the largest flow. */
function atOnce(find: (context: LintContext) => Problem[]): LintCheck['run'] {
  return function* run(context) {
    yield;
    return find(context);
  };
}

/** The checks of a saved flow, in the order of their warnings. */
export const CHECKS: readonly LintCheck[] = [
  {
    name: 'contradictory-rules',
    what: 'Rules that no lead can pass together: `lead.state is equal to TX` and `lead.state is equal to CA`, `lead.age is less than 18` and `lead.age is greater than 65`, `is blank` and any other test. Also a branch of an `or` that can never pass.',
    run: contradictoryRules,
  },
  {
    name: 'rules-always-pass',
    what: 'An `or` that every lead passes: `lead.state is not equal to TX` or `lead.state is not equal to CA`, `is blank` or `is not blank`.',
    run: rulesAlwaysPass,
  },
  {
    name: 'filter-stops-all',
    what: 'A filter that every lead matches, because it has no rules or they always pass, with steps behind it that never run.',
    run: atOnce(filterStopsAll),
  },
  {
    name: 'unknown-variable',
    what: 'A rule, template or mapping that reads what nothing provides: a field the flow does not list, a component its type does not have, a list check that is not configured, a name that is no variable and no recipient’s key.',
    run: unknownVariables,
  },
  {
    name: 'step-not-run',
    what: 'A rule, template or mapping that reads what a step appends which is disabled, or which stands further down.',
    run: stepsNotRun,
  },
  {
    name: 'cap-never-fills',
    what: 'A cap that allows more than the cap around it lets through: 500 a day inside 100 a day. Counted with the longest window: 31 days a month.',
    run: capsNeverFill,
  },
  {
    name: 'cap-takes-none',
    what: 'A cap whose `maximum` is 0: every lead that its rules match is refused, and a step with one is skipped; of a revenue cap every one that has a price. Also a revenue cap of a step below the `maximum_price` that each delivery holds.',
    run: atOnce(capsTakeNone),
  },
  {
    name: 'revenue-cap-without-price',
    what: 'A cap of the type `revenue` where nothing has a price: no pricing of the flow and the source, or none of the step. It never fills.',
    run: atOnce(revenueCapsWithoutPrice),
  },
  {
    name: 'feedback-without-effect',
    what: 'A source with `feedback` where no step takes any, and `returns` or `conversions` of a step without `enabled`.',
    run: atOnce(feedbackWithoutEffect),
  },
  {
    name: 'ping-without-effect',
    what: '`ping_limits` or `bids_price_pings` of a flow without `ping_enabled`; with it a source whose pings can have no price, because neither the flow nor the source nor the bids of a distribution give one, or whose integration cannot be pinged; `bids_price_pings` of a second distribution, or where no recipient can bid.',
    run: atOnce(pingsWithoutEffect),
  },
  {
    name: 'recipients-without-filter',
    what: 'A flow with recipients and no filter behind any of them: its leads are a `success` whatever the recipients answer.',
    run: atOnce(recipientsWithoutFilter),
  },
  {
    name: 'distribution-shares',
    what: 'A `distribution` whose shares do not say what they seem to: one recipient alone, `max_sales` above the number of recipients, weights that are all 0, also that of a single recipient, percentages that are more or less than 100 together, a `weight`, `percentage` or `priority` that its method does not read, recipients behind one that takes every lead.',
    run: atOnce(distributionShares),
  },
  {
    name: 'personal-data-in-bid',
    what: 'A mapping of a `bid` that has a name, an e-mail address, a phone number or a street address in full: every bidder gets it, and all but one of them do not buy.',
    run: atOnce(personalDataInBids),
  },
  {
    name: 'secret-in-mapping',
    what: 'A key, token or password written into a mapping, where everybody who may read the flow can read it. The value is never repeated.',
    run: secretsInMappings,
  },
  {
    name: 'pattern-never-matches',
    what: 'A pattern that matches no text: an unescaped `$100`, `a^b`, `[]`, or one that is not a regular expression. In search terms of the custom modules, which are read in lower case: `\\D`, `\\S`, `\\W`, `\\B`.',
    run: patternsNeverMatch,
  },
  {
    name: 'masked-not-retried',
    what: 'A mapping of a step with `retry_enabled` that reads a masked field, such as `lead.ssn`: its value is not kept, so the delivery of a lead that has one is not tried again.',
    run: maskedNotRetried,
  },
  {
    name: 'retry-with-alternatives',
    what: 'A step with `retry_enabled` whose failure gives the lead to a later step: by its rules (`first_buyer.outcome is not equal to success`) or by a filter between them. Once that step has accepted, the retry ends as a `skip`.',
    run: retriesWithAlternatives,
  },
  {
    name: 'retry-after-answer',
    what: 'A step with `retry_enabled` and a filter behind it that answers `failure` or `error` when it fails: a retry may sell a lead although its sender got a rejection, and without a duplicate check twice.',
    run: retriesAfterAnswer,
  },
  {
    name: 'unknown-property',
    what: 'A mapping of a recipient step to a property its module does not take, such as `json_propery.email`: the delivery goes without it.',
    run: unknownProperties,
  },
  {
    name: 'property-not-mapped',
    what: 'A property the module requires and no mapping of the step fills, such as `url`.',
    run: unmappedProperties,
  },
  {
    name: 'mapping-to-no-field',
    what: 'A mapping of a source to a field the flow does not list, such as `emial`: what it writes is dropped.',
    run: mappedFieldsMissing,
  },
  {
    name: 'recipient-url-refused',
    what: 'A recipient whose address is private or local, such as `http://192.168.1.5/leads`, and not covered by the setting `SLUICE_ALLOW_PRIVATE_NETWORKS`: nothing is sent there.',
    run: atOnce(recipientUrlRefused),
  },
  {
    name: 'flow-in-a-circle',
    what: 'A step that delivers to another flow of this installation, from which a lead may come back to this one: it is not sent there ([routing](../guides/routing.md)). Only flows that run are known, by the ids and URLs that are written out.',
    run: atOnce(flowsInACircle),
  },
  {
    name: 'setting-without-effect',
    what: 'A setting of a custom delivery that changes nothing, or does something else than it seems to: `outcome_search_path` without a term, `reason_path` of XML that gives markup (`//reason`), a `fallback_price` that is not an amount, `override` without a mapping that says where the price is.',
    run: atOnce(settingsWithoutEffect),
  },
  {
    name: 'batch-mapping',
    what: 'A step that fills a [batch](../guides/batches.md) and is not in line with it: a value for a column that the batch does not have, a column that no mapping fills, a batch that is off and delivers by no schedule.',
    run: atOnce(batchMappings),
  },
  {
    name: 'value-not-of-list',
    what: 'A value of a list check that its list is not made for: `{{lead.email}}` in a list of phones.',
    run: atOnce(valuesNotOfList),
  },
];
