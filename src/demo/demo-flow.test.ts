import { expect, it } from 'vitest';
import { flowProblems } from '../flows/flow-problems.ts';
import { parseFlowDocument } from '../flows/parse-flow-document.ts';
import { isId, isShortId } from '../lib/ids.ts';
import { DEMO_FLOW_ID, DEMO_LEAD, DEMO_SOURCE_IDS, demoFlow } from './demo-flow.ts';

const flow = demoFlow('http://127.0.0.1:8401/');

it('is a flow without a fault', () => {
  const parsed = parseFlowDocument(flow);
  expect(parsed.ok).toBe(true);
  if (parsed.ok) expect(flowProblems(parsed.value, [])).toEqual([]);
});

it('has ids of the right form', () => {
  expect([DEMO_FLOW_ID, ...Object.values(DEMO_SOURCE_IDS)].every(isId)).toBe(true);
  expect([...flow.sources, ...flow.steps].every(({ id }) => isShortId(id ?? ''))).toBe(true);
});

it('has a field for everything its example lead brings, and delivers it', () => {
  expect(flow.fields).toEqual(Object.keys(DEMO_LEAD));
  const recipient = flow.steps.find((step) => step.type === 'recipient');
  const delivered = recipient?.integration.mappings.map(({ property }) => property);
  expect(delivered).toEqual(expect.arrayContaining(flow.fields.map((field) => `json_property.${field}`)));
});
