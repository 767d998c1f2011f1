import type { FlowDocument } from '../../../../src/model/flow.ts';

/** A page of the editor, in the order of its tabs. */
export const EDIT_PARTS = [
  { part: 'sources', label: 'Sources' },
  { part: 'steps', label: 'Steps' },
  { part: 'fields', label: 'Fields' },
  { part: 'rules', label: 'Criteria' },
  { part: 'pricing', label: 'Price' },
  { part: 'caps', label: 'Caps' },
  { part: 'hours', label: 'Hours' },
  { part: 'checks', label: 'List checks' },
  { part: 'settings', label: 'Settings' },
] as const;
export type EditPart = (typeof EDIT_PARTS)[number]['part'];

/** The page that has a property of the flow itself. */
const PART_OF: Readonly<Record<string, EditPart>> = {
  sources: 'sources',
  steps: 'steps',
  fields: 'fields',
  acceptance_criteria: 'rules',
  pricing: 'pricing',
  pricing_service: 'pricing',
  caps: 'caps',
  ping_limits: 'caps',
  hours_of_operation: 'hours',
  list_checks: 'checks',
};

/** What of a flow is edited at once, and which of its properties: `steps.2` and `rule_set`. */
export interface PanelPlace {
  /** `source`, `step` and `candidate` stand in a panel; `flow` is the flow itself, on a page. */
  kind: 'source' | 'step' | 'candidate';
  /** `steps.2.recipients.0` */
  owner: string;
  /** A tab of the panel; null: the first one. */
  tab: string | null;
}

const PANEL = /^((sources|steps)\.\d{1,4}(\.recipients\.\d{1,4})?)(?:\.([a-z_]+))?(?:\..*)?$/;

/** Reads `?panel=steps.2.rule_set`, or the path of a fault; null: it names no panel. */
export function readPanelPlace(path: string): PanelPlace | null {
  const [, owner, list, candidate, tab] = PANEL.exec(path) ?? [];
  if (owner === undefined || (list === 'sources' && candidate !== undefined)) return null;
  const kind = candidate !== undefined ? 'candidate' : list === 'sources' ? 'source' : 'step';
  return { kind, owner, tab: tab === undefined || (kind === 'step' && tab === 'recipients') ? null : tab };
}

/** Where a person repairs what a fault names. */
export function findPlace(path: string): { part: EditPart; panel: string | null } {
  const part = PART_OF[path.split('.')[0] ?? ''] ?? 'settings';
  const place = readPanelPlace(path);
  return { part, panel: place === null ? null : place.tab === null ? place.owner : `${place.owner}.${place.tab}` };
}

/** In words, such as `Step 3, Buyer: rules`; for lists of faults. */
export function namePlace(document: FlowDocument, path: string): string {
  const place = readPanelPlace(path);
  if (place === null) {
    const { part } = findPlace(path);
    return EDIT_PARTS.find((each) => each.part === part)?.label ?? 'Settings';
  }
  const [, index = '0', , candidate = '0'] = place.owner.split('.');
  if (place.kind === 'source') return `Source ${document.sources[Number(index)]?.entity?.name ?? Number(index) + 1}`;
  const step = document.steps[Number(index)];
  const number = `Step ${Number(index) + 1}`;
  if (step === undefined) return number;
  if (place.kind === 'candidate' && step.type === 'distribution')
    return `${number}, ${step.recipients?.[Number(candidate)]?.entity?.name ?? `recipient ${Number(candidate) + 1}`}`;
  return `${number}, ${nameStep(step)}`;
}

/** What a list of steps calls it. */
export function nameStep(step: FlowDocument['steps'][number]): string {
  const { description } = step;
  switch (step.type) {
    case 'filter':
      return description || step.reason || 'Filter';
    case 'recipient':
      return step.entity?.name || description || 'Recipient without a name';
    case 'distribution':
      return step.name || description || 'Distribution';
  }
}
