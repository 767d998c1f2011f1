import { Button, Drawer, Group, Stack, Text } from '@mantine/core';
import { lazy } from 'react';
import { readPath } from '../../editor/draft/document-path.ts';
import { useDraftValue } from '../../editor/draft/use-draft.ts';
import tabs from '../../parts/SectionTabs.module.css';
import classes from './edit.module.css';
import { namePlace, readPanelPlace } from './edit-places.ts';
import { FaultNotes } from './FaultNotes.tsx';
import type { FaultIndex, selectFaults } from './fault-index.ts';
import { PartGuard } from './PartGuard.tsx';
import { findTab, PANEL_TABS, type PanelKind, type PanelTab } from './panel-tabs.ts';
import { PartSpace } from './parts.tsx';
import { SavedMark } from './SavedMark.tsx';
import { panelLink, useEdit } from './use-edit.ts';

const CopyStepPanel = lazy(() => import('./CopyStepPanel.tsx').then((module) => ({ default: module.CopyStepPanel })));
const NewMemberPanel = lazy(() =>
  import('./NewMemberPanel.tsx').then((module) => ({ default: module.NewMemberPanel })),
);
const PanelPart = lazy(() => import('./PanelPart.tsx').then((module) => ({ default: module.PanelPart })));

/** What the address names, beside the page. Esc closes it, and the focus goes back to where it was opened. */
export function SidePanel({ panel, faults }: { panel: string | null; faults: FaultIndex }) {
  const { openPanel } = useEdit();
  return (
    <Drawer
      opened={panel !== null}
      onClose={() => openPanel(null)}
      position="right"
      size={760}
      title={panel !== null && <PanelTitle panel={panel} />}
      classNames={{ title: classes['panelTitle'] ?? '' }}
      closeButtonProps={{ 'aria-label': 'Close' }}
      transitionProps={{ duration: 0 }}
    >
      {panel !== null && (
        <PartSpace>
          <Panel panel={panel} faults={faults} />
        </PartSpace>
      )}
    </Drawer>
  );
}

/** What is edited, and whether it is saved: the bar of the page is below the panel. */
function PanelTitle({ panel }: { panel: string }) {
  const document = useDraftValue((snapshot) => snapshot.document);
  const state = useDraftValue((snapshot) => snapshot.state);
  const place = readPanelPlace(panel);
  const isThere = place !== null && readPath(document, place.owner) !== undefined;
  return (
    <>
      <bdi>{isThere ? namePlace(document, place.owner) : nameKind(panel)}</bdi>
      <SavedMark state={state} />
    </>
  );
}

function nameKind(panel: string): string {
  if (panel === 'new-source') return 'Add source';
  if (panel.startsWith('new-recipient')) return 'Add recipient';
  if (panel.startsWith('copy-')) return 'Copy to another flow';
  return panel.startsWith('sources.') ? 'Source' : 'Step';
}

function Panel({ panel, faults }: { panel: string; faults: FaultIndex }) {
  if (panel === 'new-source') return <NewMemberPanel kind="source" list="sources" />;
  const added = /^new-recipient(?:\.(\d+)|\.(steps\.\d+))?$/.exec(panel);
  if (added)
    return (
      <NewMemberPanel
        kind="recipient"
        list={added[2] === undefined ? 'steps' : `${added[2]}.recipients`}
        index={added[1] === undefined ? undefined : Number(added[1])}
      />
    );
  const copied = /^copy-(steps\.\d+)$/.exec(panel)?.[1];
  if (copied !== undefined) return <CopyStepPanel path={copied} />;
  const place = readPanelPlace(panel);
  return place === null ? (
    <Gone />
  ) : (
    <MemberPanel key={place.owner} owner={place.owner} name={place.tab} faults={faults} />
  );
}

function Gone() {
  const { openPanel } = useEdit();
  return (
    <Stack align="flex-start">
      <Text>The draft has nothing at this address. It was removed, or the address is mistyped.</Text>
      <Button onClick={() => openPanel(null)}>Back to the page</Button>
    </Stack>
  );
}

/** A source, a step or a recipient of a distribution, a tab at a time. */
function MemberPanel({ owner, name, faults }: { owner: string; name: string | null; faults: FaultIndex }) {
  const document = useDraftValue((snapshot) => snapshot.document);
  const member = readPath(document, owner);
  const kind = readKind(owner, member);
  if (kind === null) return <Gone />;
  const tab = findTab(kind, name);
  const found = faults.at(owner);
  return (
    <Stack gap="md">
      <PanelTabs kind={kind} owner={owner} tab={tab} faultsOf={(each) => countIn(found, { kind, owner, tab: each })} />
      <FaultNotes faults={tab.tab === null ? found.filter((fault) => fault.path === owner) : []} />
      <PartGuard key={tab.label} path={owner} label={nameKind(owner)}>
        <PartSpace>
          <PanelPart kind={kind} owner={owner} tab={tab.tab} />
        </PartSpace>
      </PartGuard>
      {owner.includes('.recipients.') && <BackToDistribution owner={owner} />}
    </Stack>
  );
}

/** null: there is no such member. */
function readKind(owner: string, member: unknown): PanelKind | null {
  if (typeof member !== 'object' || member === null) return null;
  if (owner.includes('.recipients.')) return 'candidate';
  if (owner.startsWith('sources.')) return 'source';
  const type = 'type' in member ? member.type : null;
  return type === 'filter' || type === 'recipient' || type === 'distribution' ? type : null;
}

function countIn(
  faults: ReturnType<typeof selectFaults>,
  { kind, owner, tab }: { kind: PanelKind; owner: string; tab: PanelTab },
): number {
  return faults.filter(({ path }) => findTab(kind, path.slice(owner.length + 1).split('.')[0] ?? null) === tab).length;
}

function PanelTabs(given: { kind: PanelKind; owner: string; tab: PanelTab; faultsOf: (tab: PanelTab) => number }) {
  const { kind, owner, tab, faultsOf } = given;
  const tools = useEdit();
  return (
    <nav aria-label="What is set" className={tabs['tabs']}>
      {PANEL_TABS[kind].map((each) => {
        const count = faultsOf(each);
        const { href, onClick } = panelLink(tools, each.tab === null ? owner : `${owner}.${each.tab}`);
        return (
          <a
            key={each.label}
            className={tabs['tab']}
            href={href}
            onClick={onClick}
            aria-current={each === tab ? 'page' : undefined}
          >
            {each.label}
            {count > 0 && (
              <span className={classes['navCount']}>
                {count}
                <span className={classes['unseen']}> {count === 1 ? 'fault' : 'faults'}</span>
              </span>
            )}
          </a>
        );
      })}
    </nav>
  );
}

function BackToDistribution({ owner }: { owner: string }) {
  const { openPanel } = useEdit();
  return (
    <Group>
      <Button variant="default" onClick={() => openPanel(owner.split('.recipients.')[0] ?? null)}>
        Back to the distribution
      </Button>
    </Group>
  );
}
