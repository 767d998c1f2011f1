import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/package-root.ts';
import { GOLDEN_EXPLANATIONS } from '../../test/golden/explanations.ts';

/** The golden explanations for the guide, each under its title. */
export function explanations(): string {
  return GOLDEN_EXPLANATIONS.map(({ name, title }) => {
    const text = readFileSync(join(packageRoot, 'test', 'golden', 'explanations', `${name}.txt`), 'utf8');
    return `### ${title}\n\n\`\`\`text\n${text}\`\`\``;
  }).join('\n\n');
}
