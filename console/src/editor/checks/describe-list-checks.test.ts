import { expect, it } from 'vitest';
import type { FlowDocument } from '../../../../src/model/flow.ts';
import { describeRecipientFeedback, describeSourceFeedback } from '../feedback/describe-feedback.ts';
import { describeListChecks, isCheckRead } from './describe-list-checks.ts';

const FLOW: FlowDocument = { name: 'f', enabled: true, fields: [], sources: [], steps: [] };

it('says what is checked, and how far back', () => {
  const duplicate = { value: '{{lead.email}}', lookback: { value: 30, interval: 'day' as const } };
  expect(describeListChecks({ duplicate, dnc: { value: 'x' } })).toBe('Duplicates of 30 days, do not call');
  expect([describeListChecks({ dnc: null }), describeListChecks(undefined)]).toEqual([null, null]);
});

it('finds whether a rule or a template reads what a check found', () => {
  const rule_set = { op: 'and' as const, rules: [{ lhv: 'suppressionlist.is_duplicate', op: 'is true' }] };
  const filtered: FlowDocument = { ...FLOW, steps: [{ type: 'filter', rule_set }] };
  expect([isCheckRead(filtered, 'duplicate'), isCheckRead(filtered, 'dnc')]).toEqual([true, false]);
  // The check itself is no reader.
  expect(isCheckRead({ ...FLOW, list_checks: { dnc: { value: '{{suppressionlist.is_dnc}}' } } }, 'dnc')).toBe(false);
});

it('says which feedback is taken and relayed', () => {
  const returns = { enabled: true, maximum_age: { value: 1, interval: 'week' as const } };
  expect(describeRecipientFeedback({ returns, conversions: { enabled: true } })).toBe('Returns of 1 week, conversions');
  expect(describeRecipientFeedback({ returns: { ...returns, enabled: false } })).toBeNull();
  expect(describeSourceFeedback({ integration: { module_id: 'm', mappings: [] } })).toBe('Relayed by m');
  expect(describeSourceFeedback({})).toBeNull();
});
