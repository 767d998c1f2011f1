import { Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { completeDocument } from '../../editor/draft/draft-api.ts';
import { FaultNotes } from './FaultNotes.tsx';
import { usePart } from './use-part.ts';

/** A part of the flow as JSON: for properties that no form has. What it may hold, the server says once it is applied. */
export function JsonPart({ path, label, rows = 18 }: { path: string; label: string; rows?: number }) {
  const { value, change, faults, isReadOnly } = usePart<unknown>(path);
  const shown = value === undefined ? '' : JSON.stringify(value, null, 2);
  const [typed, setTyped] = useState<string | null>(null);
  const text = typed ?? shown;
  const parsed = path === '' ? parseFlow(text) : parse(text);
  const apply = () => {
    if (!parsed.ok) return;
    change(path === '' ? completeDocument(parsed.value ?? {}) : parsed.value, `Changed ${label} as JSON`);
    setTyped(null);
  };
  return (
    <Stack gap="sm" data-own-undo>
      <FaultNotes faults={faults} />
      <Textarea
        label={`${label} as JSON`}
        styles={{ input: { fontFamily: 'var(--font-mono)', fontSize: 13 } }}
        rows={rows}
        value={text}
        onChange={({ currentTarget }) => setTyped(currentTarget.value)}
        readOnly={isReadOnly}
        spellCheck={false}
        error={parsed.ok ? undefined : parsed.fault}
      />
      {!isReadOnly && (
        <Group gap="sm">
          <Button onClick={apply} disabled={!parsed.ok || typed === null || text === shown}>
            Apply
          </Button>
          <Button variant="default" onClick={() => setTyped(null)} disabled={typed === null || text === shown}>
            Take back what was typed
          </Button>
          {typed !== null && text !== shown && (
            <Text size="sm" c="dimmed">
              Not in the draft yet.
            </Text>
          )}
        </Group>
      )}
    </Stack>
  );
}

/** The flow itself is always there. */
function parseFlow(text: string): Parsed {
  const parsed = parse(text);
  if (!parsed.ok || (typeof parsed.value === 'object' && parsed.value !== null && !Array.isArray(parsed.value)))
    return parsed;
  return { ok: false, fault: 'A flow is a JSON object: {"name": …}.' };
}

type Parsed = { ok: true; value: unknown } | { ok: false; fault: string };

/** An empty text takes the part out. */
function parse(text: string): Parsed {
  if (text.trim() === '') return { ok: true, value: undefined };
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    return { ok: false, fault: `This is no JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}
