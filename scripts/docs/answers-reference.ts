import { DOCUMENTED_ROUTES } from '../../src/http/routes.ts';
import { type AnswerCase, listAnswerCases } from '../../test/contract/find-recipe.ts';
import { code, generatedPage, table } from './markdown.ts';

/** `docs/reference/answers.md`. Throws where a row declares an answer that no recipe provokes. */
export function answersReference(): string {
  const cases = listAnswerCases();
  const sections = DOCUMENTED_ROUTES.map((route) => {
    const answers = cases.filter((each) => each.route === route);
    return `## ${route.method} ${route.path}\n\n${tableOf(answers)}`;
  });
  return generatedPage('Answers', {
    from: 'src/http/routes/',
    introduction: `Every answer that a route declares, and what a test asks to get it (\`test/contract/\`): ${cases.length} answers of ${sections.length} routes. [every-answer.test.ts](../../test/contract/every-answer.test.ts) asks a server for each; \`npm run verify\` fails when a route declares an answer that no recipe provokes. What the codes mean: [errors.md](errors.md).`,
    body: sections.join('\n\n'),
  });
}

function tableOf(answers: readonly AnswerCase[]): string {
  const rows = answers.map(({ status, name, recipe }) => [
    String(status),
    name === String(status) ? 'success' : code(name),
    recipe.how,
  ]);
  return table(['Status', 'Answer', 'Asked with'], rows);
}
