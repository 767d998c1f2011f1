/** What has a panel. */
export type PanelKind = 'source' | 'filter' | 'recipient' | 'distribution' | 'candidate';

export interface PanelTab {
  /** As the address names it; null: the first one, which the address leaves out. */
  tab: string | null;
  label: string;
  /** Properties that are set there; a fault of another one is shown in the first tab. */
  properties: readonly string[];
}

const RULES: PanelTab = { tab: 'rule_set', label: 'Rules', properties: ['rule_set'] };
const MORE: PanelTab = { tab: 'more', label: 'As JSON', properties: [] };
const FEEDBACK: PanelTab = { tab: 'feedback', label: 'Feedback', properties: ['feedback'] };
const CAPS: PanelTab = { tab: 'caps', label: 'Caps', properties: ['caps'] };
const MAPPINGS: PanelTab = { tab: 'integration', label: 'Mappings', properties: ['integration', 'credential_id'] };
const REVENUE: PanelTab = { tab: 'pricing', label: 'Price', properties: ['pricing'] };

/** The tabs of each kind of panel, in their order. */
export const PANEL_TABS: Readonly<Record<PanelKind, readonly PanelTab[]>> = {
  source: [
    { tab: null, label: 'Source', properties: [] },
    { tab: 'acceptance_criteria', label: 'Criteria', properties: ['acceptance_criteria'] },
    { tab: 'pricing', label: 'Price', properties: ['pricing', 'pricing_service'] },
    { tab: 'caps', label: 'Caps', properties: ['caps', 'ping_limits'] },
    { tab: 'integration', label: 'Mappings', properties: ['integration'] },
    {
      tab: 'access',
      label: 'Access',
      properties: ['authentication_required', 'credential_id', 'allowed_origins', 'redirect_hosts'],
    },
    FEEDBACK,
    MORE,
  ],
  filter: [{ tab: null, label: 'Filter', properties: [] }, RULES, MORE],
  recipient: [{ tab: null, label: 'Recipient', properties: [] }, RULES, MAPPINGS, REVENUE, CAPS, FEEDBACK, MORE],
  distribution: [{ tab: null, label: 'Distribution', properties: [] }, MORE],
  candidate: [
    { tab: null, label: 'Recipient', properties: [] },
    RULES,
    MAPPINGS,
    REVENUE,
    CAPS,
    { tab: 'hours_of_operation', label: 'Hours', properties: ['hours_of_operation'] },
    { tab: 'bid', label: 'Bid', properties: ['bid'] },
    FEEDBACK,
    MORE,
  ],
};

/** The tab that the address names, or that has the property of a fault; the first one for everything else. */
export function findTab(kind: PanelKind, name: string | null): PanelTab {
  const tabs = PANEL_TABS[kind];
  const found = tabs.find(({ tab, properties }) => name !== null && (tab === name || properties.includes(name)));
  return found ?? tabs[0] ?? MORE;
}
