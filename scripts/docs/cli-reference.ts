import { COMMANDS } from '../../src/cli/commands.ts';
import { code, generatedPage, table } from './markdown.ts';

/** `docs/reference/cli.md`. */
export function cliReference(): string {
  const rows = COMMANDS.flatMap(({ name, summary, argument, options }) => [
    [code(`sluice ${name}${argument ? ` <${argument.name}>` : ''}`), summary],
    ...(argument ? [[code(`<${argument.name}>`), argument.summary]] : []),
    ...options.map((option) => [code(`sluice ${name} ${option.flags}`), option.summary]),
  ]);
  const introduction =
    'In a checkout it is `node bin/sluice.js`. Settings come from the environment: [settings.md](settings.md). Exit code 0: ended as asked; 1: refused to start or failed, with the reason on standard error; 130: stopped by a second Ctrl-C.';
  return generatedPage('Command line', {
    from: 'src/cli/commands.ts',
    introduction,
    body: table(['Command', 'What it does'], rows),
  });
}
