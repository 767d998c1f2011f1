import { expect, it } from 'vitest';
import { capWindowAt } from '../caps/cap-window.ts';
import { dailyCap, testFlow } from '../pipeline/testing/test-flow.ts';
import { listRunningCaps } from './running-caps.ts';

const NOW = Date.UTC(2026, 5, 10, 16);
const ZONE = 'America/New_York';

it('every cap is in its own window, whichever caps are beside it', () => {
  const caps = (['minute', 'hour', 'day', 'week', 'month'] as const).flatMap((duration_units) =>
    [1, 2, 5].flatMap((duration) =>
      [undefined, 'Asia/Tokyo'].flatMap((time_zone) =>
        ['2026-01-01T12:00:00Z', '2026-01-05T12:00:00Z', undefined].map((created_at, index) =>
          dailyCap({
            id: `${duration_units} ${duration} ${time_zone} ${index}`,
            ...{ duration, duration_units },
            ...(time_zone === undefined ? {} : { time_zone }),
            ...(created_at === undefined ? {} : { created_at }),
          }),
        ),
      ),
    ),
  );
  const capGenerations = Object.fromEntries(caps.map(({ id }) => [id, 0]));
  const running = listRunningCaps(
    { flowId: 'f', document: testFlow({ caps }), capGenerations },
    { now: NOW, timeZone: ZONE },
  );
  expect(running.map(({ window }) => window)).toEqual(caps.map((cap) => capWindowAt(cap, NOW, ZONE)));
  expect(new Set(running.map(({ window: { startsAt, endsAt } }) => `${startsAt} ${endsAt}`)).size).toBeGreaterThan(20);
});
