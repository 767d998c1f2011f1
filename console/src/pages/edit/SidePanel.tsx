import { Drawer, Stack, Text, Title } from '@mantine/core';
import { readPath } from '../../editor/draft/document-path.ts';
import { useDraftValue } from '../../editor/draft/use-draft.ts';
import { namePlace, readPanelPlace } from './edit-places.ts';
import { FaultNotes } from './FaultNotes.tsx';
import type { FaultIndex } from './fault-index.ts';
import { RawPart } from './RawPart.tsx';
import { useEdit } from './use-edit.ts';

/** What the address names, beside the page. Esc closes it, and the focus goes back to where it was opened. */
export function SidePanel({ panel, faults }: { panel: string | null; faults: FaultIndex }) {
  const { openPanel } = useEdit();
  const place = panel === null ? null : readPanelPlace(panel);
  return (
    <Drawer
      opened={panel !== null}
      onClose={() => openPanel(null)}
      position="right"
      size={720}
      title="Edit"
      closeButtonProps={{ 'aria-label': 'Close' }}
      transitionProps={{ duration: 0 }}
    >
      {place === null ? (
        <Text>The address names a panel that is not there. Close it to go on.</Text>
      ) : (
        <PartPanel path={place.tab === null ? place.owner : `${place.owner}.${place.tab}`} faults={faults} />
      )}
    </Drawer>
  );
}

function PartPanel({ path, faults }: { path: string; faults: FaultIndex }) {
  const document = useDraftValue((snapshot) => snapshot.document);
  return (
    <Stack>
      <Title order={2}>
        <bdi>{namePlace(document, path)}</bdi>
      </Title>
      <FaultNotes faults={faults.at(path)} />
      <RawPart value={readPath(document, path)} />
    </Stack>
  );
}
