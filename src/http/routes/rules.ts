import { Type } from 'typebox';
import { RULES_TRIAL } from '../../simulation/evaluate-rules.ts';
import { evaluateRules } from '../handlers/rules.ts';
import { route } from '../route.ts';
import { CLOSED, nullable, PROBLEM } from '../schemas.ts';

const VERDICT = Type.Object(
  {
    passed: Type.Boolean(),
    reason: nullable(Type.String(), { description: 'Why not; null: they passed.' }),
    rules: Type.Array(
      Type.Object(
        {
          path: Type.String(),
          lhv: Type.Unknown(),
          op: Type.Unknown(),
          rhv: Type.Unknown(),
          left: Type.Optional(Type.Unknown({ description: 'What the left side came to; absent: it is missing.' })),
          right: Type.Optional(Type.Unknown()),
          passed: Type.Boolean(),
        },
        CLOSED,
      ),
      { description: 'The rules that were evaluated, in that order, with what both sides came to.' },
    ),
    warnings: Type.Array(PROBLEM, {
      description: 'Left sides that nothing provides, so that they are always blank.',
    }),
  },
  { ...CLOSED, $id: 'RulesVerdict' },
);

/** Rules tried without a lead. */
export const RULE_ROUTES = [
  route({
    name: 'evaluateRules',
    method: 'POST',
    path: '/rules/evaluate',
    permission: 'flows.read',
    body: RULES_TRIAL,
    answers: { 200: VERDICT, 422: 'invalid_document' },
    doc: {
      summary: 'One rule set against given variables, rule by rule.',
      description: 'Nothing is written. A left side that nothing provides is in `warnings`.',
      example: {
        body: {
          rule_set: { op: 'and', rules: [{ lhv: 'lead.state', op: 'is equal to', rhv: 'TX' }] },
          vars: { lead: { state: 'texas' } },
        },
        answer: {
          passed: true,
          reason: null,
          rules: [
            {
              path: 'rule_set.rules.0',
              lhv: 'lead.state',
              op: 'is equal to',
              rhv: 'TX',
              left: 'TX',
              right: 'TX',
              passed: true,
            },
          ],
          warnings: [],
        },
      },
    },
    handler: evaluateRules,
  }),
] as const;
