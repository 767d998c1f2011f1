import { Skeleton, Stack, VisuallyHidden } from '@mantine/core';
import { Delayed } from './Delayed.tsx';

/** Rows of the height that the table's will have. */
export function TableSkeleton({ rows }: { rows: number }) {
  return (
    <Delayed>
      <Stack gap="sm" aria-busy="true">
        <VisuallyHidden>Loading</VisuallyHidden>
        {Array.from({ length: rows }, (_, row) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows of a skeleton are all alike
          <Skeleton key={row} height="calc(var(--row) - 8px)" radius="sm" />
        ))}
      </Stack>
    </Delayed>
  );
}
