import type { ChangeOrigin } from '../access/activity.ts';

/** The person at the machine has no name here: the log names the command. */
export function machineOrigin(command: string): ChangeOrigin {
  return { actor: { kind: 'machine', id: command, name: `sluice ${command}` }, ip: null };
}
