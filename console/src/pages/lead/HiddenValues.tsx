import { Button, Stack, Text } from '@mantine/core';
import { IconEye } from '@tabler/icons-react';

/** Whether the values of the lead are shown, and how they come to be. */
export interface Reveal {
  isRevealed: boolean;
  isPermitted: boolean;
  isPending: boolean;
  error: Error | null;
  show(): void;
  hide(): void;
}

/** In the place of values that were not asked for. */
export function HiddenValues({ reveal, what }: { reveal: Reveal; what: string }) {
  return (
    <Stack align="flex-start" gap="sm">
      <Text>{what} are hidden.</Text>
      {reveal.isPermitted ? (
        <>
          <Text size="sm" c="dimmed">
            The activity log notes that you saw them.
          </Text>
          <Button
            variant="default"
            leftSection={<IconEye size={16} />}
            onClick={reveal.show}
            loading={reveal.isPending}
          >
            Reveal values
          </Button>
        </>
      ) : (
        <Text size="sm" c="dimmed">
          You need the permission <code>personal_data.read</code> to see them. An owner can give it to you.
        </Text>
      )}
    </Stack>
  );
}
