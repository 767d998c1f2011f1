import { Button, Group, Stack, Text } from '@mantine/core';
import { CatchBoundary } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useDraft } from '../../editor/draft/use-draft.ts';
import { FaultAlert } from '../../parts/FaultAlert.tsx';
import { JsonPart } from './JsonPart.tsx';

/** A draft may have any shape: a part that cannot be shown leaves the bar and the other parts as they are. */
export function PartGuard({ path, label, children }: { path: string; label: string; children: ReactNode }) {
  const { document } = useDraft();
  return (
    <CatchBoundary
      // Any change of the draft may have repaired it.
      getResetKey={() => keyOf(document)}
      errorComponent={({ error }) => <Unshown path={path} label={label} error={error} />}
    >
      {children}
    </CatchBoundary>
  );
}

const KEYS = new WeakMap<object, number>();
let keys = 0;

/** Another number for each document. */
function keyOf(document: object): number {
  const known = KEYS.get(document);
  if (known !== undefined) return known;
  keys += 1;
  KEYS.set(document, keys);
  return keys;
}

function Unshown({ path, label, error }: { path: string; label: string; error: unknown }) {
  const { canUndo, undo } = useDraft();
  return (
    <Stack gap="md">
      <FaultAlert title="This part of the draft has a shape that no form can show">
        <Text size="sm">{error instanceof Error ? error.message : String(error)}</Text>
      </FaultAlert>
      {canUndo && (
        <Group>
          <Button variant="default" onClick={undo}>
            Undo the last change
          </Button>
        </Group>
      )}
      <JsonPart path={path} label={label} rows={24} />
    </Stack>
  );
}
