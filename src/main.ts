import cluster from 'node:cluster';
import { Command } from 'commander';
import { COMMANDS, GROUPS } from './cli/commands.ts';
import { runWorker } from './cli/run-worker.ts';
import { packageVersion } from './package-version.ts';

/** Where the process begins: as a worker of a running server, or with the command it was given. */
if (cluster.isWorker) runWorker();
else process.exit(await runCommandLine(process.argv).catch(failed));

async function runCommandLine(argv: string[]): Promise<number> {
  let exitCode = 0;
  const program = new Command('sluice')
    .description('Lead acquisition and distribution server')
    .version(packageVersion());
  for (const { name, summary, argument, options, run } of COMMANDS) {
    const command = findCommand(program, name).description(summary);
    if (argument) command.argument(`<${argument.name}>`, argument.summary);
    for (const option of options) command.option(option.flags, option.summary);
    command.action(async (...given: unknown[]) => {
      const named = argument ? { [argument.name]: given[0] } : {};
      exitCode = await run({ ...command.opts(), ...named });
    });
  }
  await program.parseAsync(argv);
  return exitCode;
}

/** `integrations add` is `add` in the group `integrations`. */
function findCommand(program: Command, name: string): Command {
  const [group = '', word] = name.split(' ');
  if (word === undefined) return program.command(group);
  const known = program.commands.find((each) => each.name() === group);
  return (known ?? program.command(group).description(GROUPS[group] ?? '')).command(word);
}

/** Unexpected errors: the only place a thrown error of a command ends up. */
function failed(error: unknown): number {
  process.stderr.write(`Sluice failed: ${error instanceof Error ? error.stack : String(error)}\n`);
  return 1;
}
