import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { SectionTabs } from './SectionTabs.tsx';

/** The pages of one flow beside each other. */
export function FlowNav({ flowId }: { flowId: string }) {
  const base = `/flows/${flowId}`;
  return (
    <div>
      <Anchor component={Link} to="/flows" size="sm" display="inline-block" mih={24}>
        Flows
      </Anchor>
      <SectionTabs
        label="Pages of the flow"
        tabs={[
          { to: base, label: 'Overview', isExact: true },
          { to: `${base}/edit`, label: 'Edit' },
          { to: `${base}/test`, label: 'Test' },
          { to: `${base}/publish`, label: 'Publish' },
          { to: `${base}/history`, label: 'History' },
        ]}
      />
    </div>
  );
}
