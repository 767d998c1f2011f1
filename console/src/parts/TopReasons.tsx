import { Anchor, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { topReasonsQuery } from '../api/overview.ts';
import { BarRows } from './BarRows.tsx';
import { listSearchOf } from './frame-links.ts';
import type { ResolvedFrame } from './time-frames.ts';
import { Widget, WidgetBody } from './Widget.tsx';

const HEIGHT = 200;

/** Why leads did not succeed, the most frequent reason first; each opens its leads. */
export function TopReasons({ frame, flowId }: { frame: ResolvedFrame; flowId?: string }) {
  const of = flowId === undefined ? {} : { flow_id: flowId };
  const filter = flowId === undefined ? {} : { flow_id: [flowId] };
  const query = useQuery(topReasonsQuery(frame, of));
  return (
    <Widget
      title="Top reasons"
      aside={
        <Anchor
          size="sm"
          renderRoot={(props) => (
            <Link {...props} to="/leads" search={{ ...listSearchOf(frame, filter), view: 'reasons' } as never} />
          )}
        >
          All reasons
        </Anchor>
      }
    >
      <WidgetBody query={query} height={HEIGHT}>
        {({ reasons }) =>
          reasons.length === 0 ? (
            <Text size="sm" c="dimmed" py="sm">
              Every lead of this time was accepted, or there were none.
            </Text>
          ) : (
            <BarRows
              caption={`Leads that were not accepted, by reason: ${frame.label}`}
              head={['Reason', 'Leads']}
              rows={reasons.map(({ reason_class: reason, leads }) => ({
                key: reason,
                count: leads,
                label:
                  reason === '' ? (
                    'No reason was given'
                  ) : (
                    <Anchor
                      inherit
                      renderRoot={(props) => (
                        <Link
                          {...props}
                          to="/leads"
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
