import { Button } from '@mantine/core';
import type { ListState } from './use-list.ts';

/** Rows, or groups by reason. */
export function ShapeSwitch({ list: { search, change } }: { list: ListState }) {
  const isReasons = search.view === 'reasons';
  return (
    <Button.Group>
      <Button
        size="xs"
        h={28}
        variant={isReasons ? 'default' : 'light'}
        aria-pressed={!isReasons}
        onClick={() => isReasons && change({ view: undefined })}
      >
        List
      </Button>
      <Button
        size="xs"
        h={28}
        variant={isReasons ? 'light' : 'default'}
        aria-pressed={isReasons}
        onClick={() => isReasons || change({ view: 'reasons', reason_class: undefined, q: undefined, live: undefined })}
      >
        By reason
      </Button>
    </Button.Group>
  );
}
