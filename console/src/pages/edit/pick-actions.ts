import type { Destination } from '../../../../src/model/flow.ts';

/** An action as the account has it. */
interface KnownAction {
  action_id: string;
  name: string;
  webhook_url: string;
}

export interface ActionRow {
  id: string;
  name: string;
  /** null: the destination has no such action any more. */
  url: string | null;
  isChosen: boolean;
}

/** The actions that a destination has, and behind them those that the flow names and that are gone. */
export function listActionRows({ actions }: Destination, known: readonly KnownAction[]): ActionRow[] {
  const chosen = new Set((actions ?? []).flatMap(({ action_id: id }) => id ?? []));
  const gone = [...chosen].filter((id) => known.every(({ action_id }) => action_id !== id));
  return [
    ...known.map(({ action_id: id, name, webhook_url: url }) => ({ id, name, url, isChosen: chosen.has(id) })),
    ...gone.map((id) => ({ id, name: id, url: null, isChosen: true })),
  ];
}

/** `isAll`: without a choice, so that later actions are in it, too; else each that there is now. */
export function pickAll(destination: Destination, known: readonly KnownAction[], isAll: boolean): Destination {
  const { actions: _before, ...rest } = destination;
  return isAll ? rest : { ...rest, actions: known.map(({ action_id }) => ({ action_id })) };
}

/** One action more or less; the others stay as they are written. */
export function pickAction(destination: Destination, id: string, isPicked: boolean): Destination {
  const others = (destination.actions ?? []).filter(({ action_id }) => action_id !== id);
  return { ...destination, actions: isPicked ? [...others, { action_id: id }] : others };
}
