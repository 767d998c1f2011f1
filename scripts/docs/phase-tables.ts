import { PHASES } from '../../src/pipeline/phases.ts';
import { METHODS } from '../../src/pipeline/steps/distribution/methods.ts';
import { STAGES } from '../../src/pipeline/steps/recipient/stages.ts';
import { code, table } from './markdown.ts';

const MAY_STOP = { no: 'no', answer: 'yes, without an event', stop: 'yes' } as const;

/** The phases a lead passes, for ARCHITECTURE.md. */
export function phaseTable(): string {
  const rows = PHASES.map(
    ({ name, what, why, alsoDoes = [], decidesAgain, mayStop, ping, reads, writes, spec }, index) => [
      String(index + 1),
      `[\`${name}\`](src/pipeline/phases/${name}.ts)`,
      [
        what,
        why ?? [],
        ...alsoDoes.map(({ phase, when }) => `Does a part of ${code(phase)}: ${when}.`),
        ...(decidesAgain === undefined ? [] : [`Decides again when ${decidesAgain}.`]),
      ]
        .flat()
        .join(' '),
      MAY_STOP[mayStop],
      typeof ping === 'string'
        ? ping
        : `${ping.what} ([\`${ping.instead.name}\`](src/pipeline/ping/${kebab(ping.instead.name)}.ts))`,
      reads.map(code).join(' '),
      writes.map(code).join(' '),
      spec,
    ],
  );
  return table(
    ['', 'Phase = file', 'What it does, and why here', 'May stop?', 'A ping', 'Reads', 'Writes', 'Source'],
    rows,
  );
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** How a distribution chooses, for the guide. */
export function methodTable(): string {
  return table(
    ['Method', 'Who is offered the lead'],
    Object.values(METHODS).map(({ name, what }) => [code(name), what]),
  );
}

/** The stages of a recipient step. */
export function stageTable(): string {
  const rows = STAGES.map(({ name, what, endsWith, reads, writes, ofLead }, index) => [
    String(index + 1),
    `[\`${name}\`](src/pipeline/steps/recipient/${name}.ts)`,
    what,
    endsWith === '' ? 'always passes' : code(endsWith),
    reads.map(code).join(' '),
    writes.map(code).join(' '),
    ofLead.reads.map(code).join(' '),
    ofLead.writes.map(code).join(' '),
  ]);
  const columns = ['', 'Stage = file', 'What it does', 'Step’s outcome when it does not pass'];
  return table([...columns, 'Reads', 'Writes', 'Reads of the lead', 'Writes of the lead'], rows);
}
