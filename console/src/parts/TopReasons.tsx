import { Anchor, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { filterOf, type NumbersOf, sectionOf, topReasonsQuery } from '../api/overview.ts';
import { BarRows } from './BarRows.tsx';
import { listSearchOf } from './frame-links.ts';
import type { ResolvedFrame } from './time-frames.ts';
import { Widget, WidgetBody } from './Widget.tsx';

const HEIGHT = 120;

/** Why leads did not succeed, the most frequent reason first; each opens its leads. */
export function TopReasons({ frame, of = {} }: { frame: ResolvedFrame; of?: NumbersOf }) {
  const section = sectionOf(of);
  const filter = filterOf(of);
  const noun = section === 'leads' ? 'Leads' : 'Deliveries';
  const query = useQuery(topReasonsQuery(frame, of));
  return (
    <Widget
      title="Top reasons"
      aside={
        <Anchor
          size="sm"
          renderRoot={(props) => (
            <Link {...props} to={`/${section}`} search={{ ...listSearchOf(frame, filter), view: 'reasons' } as never} />
          )}
        >
          All reasons
        </Anchor>
      }
    >
      <WidgetBody query={query} height={HEIGHT}>
        {(reasons) =>
          reasons.length === 0 ? (
            <Text size="sm" c="dimmed" py="sm">
              Nothing was refused in this time, and nothing failed.
            </Text>
          ) : (
            <BarRows
              caption={`${noun} that were not accepted, by reason: ${frame.label}`}
              head={['Reason', noun]}
              rows={reasons.map(({ reason, count }) => ({
                key: reason,
                count,
                label:
                  reason === '' ? (
                    'No reason was given'
                  ) : (
                    <Anchor
                      inherit
                      renderRoot={(props) => (
                        <Link
                          {...props}
                          to={`/${section}`}
                          search={listSearchOf(frame, { ...filter, reason_class: reason }) as never}
                        />
                      )}
                    >
                      <bdi>{reason}</bdi>
                    </Anchor>
                  ),
              }))}
            />
          )
        }
      </WidgetBody>
    </Widget>
  );
}
