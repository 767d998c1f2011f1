import { Type } from 'typebox';
import { TEMPLATE_TRIAL } from '../../simulation/render-template.ts';
import { renderTemplate } from '../handlers/templates.ts';
import { route } from '../route.ts';

const RENDERED = Type.Object(
  {
    kind: Type.Enum(['literal', 'variable', 'composed'], { description: 'One variable alone keeps its type.' }),
    value: Type.Unknown({ description: 'Typed for a variable alone, with its components; null: it is missing.' }),
    text: Type.String(),
  },
  { additionalProperties: false, $id: 'RenderedTemplate' },
);

/** Templates tried without a lead. */
export const TEMPLATE_ROUTES = [
  route({
    name: 'renderTemplate',
    method: 'POST',
    path: '/templates/render',
    permission: 'flows.read',
    body: TEMPLATE_TRIAL,
    answers: { 200: RENDERED, 422: 'invalid_document' },
    doc: {
      summary: 'One template with given variables; a fault comes with line, column and snippet.',
      example: {
        body: { template: 'Hi {{lead.first_name}}', vars: { lead: { first_name: 'Ann' } } },
        answer: { kind: 'composed', value: 'Hi Ann', text: 'Hi Ann' },
      },
    },
    handler: renderTemplate,
  }),
] as const;
