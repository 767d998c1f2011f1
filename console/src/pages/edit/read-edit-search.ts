import { EDIT_PARTS, type EditPart } from './edit-places.ts';

export interface EditSearch {
  /** What the side panel shows: a place such as `steps.2.rule_set`, or `new-source`, `new-recipient`, `copy-steps.2`. */
  panel?: string;
}

const PANEL = /^[a-z_-]+(\.[a-z0-9_]+)*$/;
const PANEL_CHARACTERS_MAX = 100;

/** Of the query of the address; what can be no panel is left out. */
export function readEditSearch({ panel }: Record<string, unknown>): EditSearch {
  return typeof panel === 'string' && panel.length <= PANEL_CHARACTERS_MAX && PANEL.test(panel) ? { panel } : {};
}

/** null: there is no such page. */
export function readEditPart(text: string): EditPart | null {
  return EDIT_PARTS.find(({ part }) => part === text)?.part ?? null;
}
