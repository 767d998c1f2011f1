import { JsonPart } from './JsonPart.tsx';
import type { PanelKind } from './panel-tabs.ts';
import {
  CapsPart,
  CostPart,
  CriteriaPart,
  HoursPart,
  MappingsPart,
  RecipientFeedbackPart,
  RevenuePart,
  RulesPart,
  SourceFeedbackPart,
} from './parts.tsx';
import { SourceAccessTab, SourceTab } from './SourceTabs.tsx';
import { DistributionTab, FilterTab, RecipientTab } from './StepTabs.tsx';

/** What one tab of a panel shows. */
export function PanelPart({ kind, owner, tab }: { kind: PanelKind; owner: string; tab: string | null }) {
  if (tab === 'more') return <JsonPart path={owner} label={kind === 'source' ? 'Source' : 'Step'} rows={24} />;
  switch (kind) {
    case 'source':
      return <SourcePart owner={owner} tab={tab} />;
    case 'filter':
      return tab === null ? <FilterTab path={owner} /> : <RulesPart path={`${owner}.rule_set`} isRequired />;
    case 'distribution':
      return <DistributionTab path={owner} />;
    case 'recipient':
    case 'candidate':
      return <RecipientPart owner={owner} tab={tab} />;
  }
}

function SourcePart({ owner, tab }: { owner: string; tab: string | null }) {
  switch (tab) {
    case 'acceptance_criteria':
      return <CriteriaPart path={`${owner}.acceptance_criteria`} />;
    case 'pricing':
      return <CostPart owner={owner} />;
    case 'caps':
      return <CapsPart owner={owner} hasPings />;
    case 'integration':
      return <MappingsPart path={`${owner}.integration`} />;
    case 'access':
      return <SourceAccessTab path={owner} />;
    case 'feedback':
      return <SourceFeedbackPart path={`${owner}.feedback`} />;
    default:
      return <SourceTab path={owner} />;
  }
}

function RecipientPart({ owner, tab }: { owner: string; tab: string | null }) {
  switch (tab) {
    case 'rule_set':
      return <RulesPart path={`${owner}.rule_set`} />;
    case 'integration':
      return <MappingsPart path={`${owner}.integration`} owner={owner} />;
    case 'pricing':
      return <RevenuePart path={`${owner}.pricing`} />;
    case 'caps':
      return <CapsPart owner={owner} hasPings={false} />;
    case 'hours_of_operation':
      return <HoursPart path={`${owner}.hours_of_operation`} />;
    case 'bid':
      return <MappingsPart path={`${owner}.bid`} />;
    case 'feedback':
      return <RecipientFeedbackPart path={`${owner}.feedback`} />;
    default:
      return <RecipientTab path={owner} />;
  }
}
