import { Skeleton, Stack, Title } from '@mantine/core';
import { lazy, type ReactNode, Suspense } from 'react';
import type { Cap, PingLimit } from '../../../../src/model/cap.ts';
import type {
  AcceptanceCriteria,
  DistributionStep,
  HoursOfOperation,
  ListChecks,
  RecipientFeedback,
  SourceFeedback,
} from '../../../../src/model/flow.ts';
import type { Integration } from '../../../../src/model/mapping.ts';
import type { Pricing, PricingServiceConfiguration } from '../../../../src/model/pricing.ts';
import type { RuleSet } from '../../../../src/model/rule-set.ts';
import { Delayed } from '../../parts/Delayed.tsx';
import { useEdit } from './use-edit.ts';
import { usePart } from './use-part.ts';

// Each editor is loaded when it is first shown.
const RuleSetEditor = lazy(() =>
  import('../../editor/rules/RuleSetEditor.tsx').then((module) => ({ default: module.RuleSetEditor })),
);
const CriteriaEditor = lazy(() =>
  import('../../editor/rules/CriteriaEditor.tsx').then((module) => ({ default: module.CriteriaEditor })),
);
const MappingsEditor = lazy(() =>
  import('../../editor/mappings/MappingsEditor.tsx').then((module) => ({ default: module.MappingsEditor })),
);
const CapsEditor = lazy(() =>
  import('../../editor/caps/CapsEditor.tsx').then((module) => ({ default: module.CapsEditor })),
);
const PingLimitsEditor = lazy(() =>
  import('../../editor/caps/PingLimitsEditor.tsx').then((module) => ({ default: module.PingLimitsEditor })),
);
const PricingEditor = lazy(() =>
  import('../../editor/pricing/PricingEditor.tsx').then((module) => ({ default: module.PricingEditor })),
);
const PricingServiceEditor = lazy(() =>
  import('../../editor/pricing/PricingServiceEditor.tsx').then((module) => ({ default: module.PricingServiceEditor })),
);
const HoursEditor = lazy(() =>
  import('../../editor/hours/HoursEditor.tsx').then((module) => ({ default: module.HoursEditor })),
);
const DistributionEditor = lazy(() =>
  import('../../editor/distribution/DistributionEditor.tsx').then((module) => ({ default: module.DistributionEditor })),
);
const ListChecksEditor = lazy(() =>
  import('../../editor/checks/ListChecksEditor.tsx').then((module) => ({ default: module.ListChecksEditor })),
);
const RecipientFeedbackEditor = lazy(() =>
  import('../../editor/feedback/RecipientFeedbackEditor.tsx').then((module) => ({
    default: module.RecipientFeedbackEditor,
  })),
);
const SourceFeedbackEditor = lazy(() =>
  import('../../editor/feedback/SourceFeedbackEditor.tsx').then((module) => ({ default: module.SourceFeedbackEditor })),
);

/** Holds the place of an editor until it is loaded. */
export function PartSpace({ children }: { children: ReactNode }) {
  return (
    <Suspense
      fallback={
        <Delayed>
          <Skeleton h={160} />
        </Delayed>
      }
    >
      {children}
    </Suspense>
  );
}

export function RulesPart({ path, isRequired = false }: { path: string; isRequired?: boolean }) {
  return <RuleSetEditor {...usePart<RuleSet>(path)} isRequired={isRequired} />;
}

export function CriteriaPart({ path }: { path: string }) {
  return <CriteriaEditor {...usePart<AcceptanceCriteria>(path)} />;
}

/** `owner`: of a step, which has the credential beside its integration. */
export function MappingsPart({ path, owner }: { path: string; owner?: string }) {
  const part = usePart<Integration>(path);
  const credential = usePart<string>(`${owner ?? path}.credential_id`);
  return <MappingsEditor {...part} {...(owner !== undefined && { credential })} />;
}

/** `owner`: the flow (an empty path), a source or a step; only the first two have limits of pings. */
export function CapsPart({ owner, hasPings }: { owner: string; hasPings: boolean }) {
  const caps = usePart<Cap[]>(join(owner, 'caps'));
  const pings = usePart<PingLimit[]>(join(owner, 'ping_limits'));
  return (
    <Stack gap="xl">
      <CapsEditor {...caps} />
      {hasPings && (
        <section aria-labelledby="ping-limits">
          <Title order={3} id="ping-limits" mb="sm">
            Limits of pings
          </Title>
          <PingLimitsEditor {...pings} />
        </section>
      )}
    </Stack>
  );
}

/** What a lead costs: of the flow or of a source. */
export function CostPart({ owner }: { owner: string }) {
  const pricing = usePart<Pricing>(join(owner, 'pricing'));
  const service = usePart<PricingServiceConfiguration>(join(owner, 'pricing_service'));
  return (
    <Stack gap="xl">
      <PricingEditor {...pricing} side="cost" />
      <section aria-labelledby="pricing-service">
        <Title order={3} id="pricing-service" mb="sm">
          Pricing service
        </Title>
        <PricingServiceEditor {...service} />
      </section>
    </Stack>
  );
}

/** What a recipient pays. */
export function RevenuePart({ path }: { path: string }) {
  return <PricingEditor {...usePart<Pricing>(path)} side="revenue" />;
}

export function HoursPart({ path }: { path: string }) {
  return <HoursEditor {...usePart<HoursOfOperation>(path)} />;
}

export function ChecksPart({ path }: { path: string }) {
  return <ListChecksEditor {...usePart<ListChecks>(path)} />;
}

export function RecipientFeedbackPart({ path }: { path: string }) {
  return <RecipientFeedbackEditor {...usePart<RecipientFeedback>(path)} />;
}

export function SourceFeedbackPart({ path }: { path: string }) {
  return <SourceFeedbackEditor {...usePart<SourceFeedback>(path)} />;
}

export function DistributionPart({ path }: { path: string }) {
  const tools = useEdit();
  const part = usePart<DistributionStep>(path);
  return (
    <DistributionEditor
      {...part}
      openRecipient={(index) => tools.openPanel(`${path}.recipients.${index}`)}
      {...(!tools.isReadOnly && { addRecipient: () => tools.openPanel(`new-recipient.${path}`) })}
    />
  );
}

/** A property of the flow, of a source or of a step. */
function join(owner: string, property: string): string {
  return owner === '' ? property : `${owner}.${property}`;
}
