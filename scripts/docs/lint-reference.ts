import { DOCUMENT_CHECKS } from '../../src/flows/flow-warnings.ts';
import { CHECKS } from '../../src/lint/checks.ts';
import { code, generatedPage, table } from './markdown.ts';

/** `docs/reference/lint.md`. */
export function lintReference(): string {
  const introduction =
    '`warnings` in the answers of `GET /flows/:id`, `POST /flows`, `PUT /flows/:id` and `PUT /flows` is a list of `{"path": "steps.0.rule_set.rules.1", "message": "…", "check": "contradictory-rules"}`: what can run and is probably not meant. It stands in the way of nothing, neither a save nor a deploy; what does is in `errors`. `GET /flows` has it when `include=warnings` asks.';
  const body = [
    table(
      ['Check', 'What it finds'],
      [...DOCUMENT_CHECKS, ...CHECKS].map(({ name, what }) => [code(name), what]),
    ),
    'Only what is certain is reported. Rules of disabled sources and steps are not looked at, nor is what mappings of a source read. At most 100 warnings are listed. A flow with faults in its shape has only the first two until its `errors` are mended.',
  ].join('\n\n');
  return generatedPage('Warnings', { from: 'src/flows/flow-warnings.ts` and `src/lint/checks.ts', introduction, body });
}
