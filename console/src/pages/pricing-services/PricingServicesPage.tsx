import { useState } from 'react';
import { type PricingService, pricingServicesQuery } from '../../api/pricing-services.ts';
import { useMay } from '../../api/use-session.ts';
import type { Column } from '../../parts/DataTable.tsx';
import { ListFrame } from '../../parts/ListFrame.tsx';
import { PanelButton, PanelName } from '../../parts/PanelButton.tsx';
import { SecretOnce } from '../../parts/SecretOnce.tsx';
import { Time } from '../../parts/Time.tsx';
import { usePanel } from '../../parts/use-address.ts';
import { LibraryTabs } from '../library/LibraryTabs.tsx';
import { PricingServiceForm } from './PricingServiceForm.tsx';
import { PricingServicePanel } from './PricingServicePanel.tsx';

const COLUMNS: readonly Column<PricingService>[] = [
  { key: 'name', header: 'Name', wraps: true, cell: ({ id, name }) => <PanelName panel={id}>{name}</PanelName> },
  { key: 'url', header: 'URL', wraps: true, cell: ({ url }) => <bdi>{url}</bdi> },
  {
    ...{ key: 'variables', header: 'Is sent', wraps: true },
    cell: ({ variables }) => (variables.length === 0 ? 'Nothing of the lead' : variables.join(', ')),
  },
  { key: 'updated', header: 'Changed', cell: ({ updated_at: at }) => <Time at={at} /> },
];

/** Web services that are asked what a lead costs. */
export function PricingServicesPage() {
  const { panel, close } = usePanel();
  const mayWrite = useMay('flows.write');
  const mayRead = useMay('flows.read');
  const [secret, setSecret] = useState<string | null>(null);
  const show = (made: string) => {
    close();
    setSecret(made);
  };
  return (
    <ListFrame
      title="Pricing services"
      section="Library"
      text="Web services of yours that are asked what each lead costs. Flows and sources name them under Pricing."
      tabs={<LibraryTabs />}
      permission="flows.read"
      noun={['pricing service', 'pricing services']}
      query={pricingServicesQuery}
      columns={COLUMNS}
      keyOf={({ id }) => id}
      textOf={({ id, name, url }) => `${name} ${url} ${id}`}
      action={mayWrite && <PanelButton panel="new">Add a pricing service</PanelButton>}
      empty={{
        title: 'No pricing services yet',
        text: 'A price that your own program decides, lead by lead. Fixed prices and prices by rule need none.',
      }}
    >
      {mayWrite && panel === 'new' && <PricingServiceForm before={null} close={close} show={show} />}
      {mayRead && panel !== undefined && panel !== 'new' && (
        <PricingServicePanel key={panel} id={panel} close={close} show={show} />
      )}
      {secret !== null && (
        <SecretOnce
          title="Secret of the pricing service"
          text="Questions are signed with it, as the Standard Webhooks specification says. Your program checks the signature with the same secret."
          label="Secret"
          secret={secret}
          close={() => setSecret(null)}
        />
      )}
    </ListFrame>
  );
}
