import { Anchor, Group, Text } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { buildLeadPath } from '../../parts/build-lead-path.ts';
import { parseSearch } from '../../search-params.ts';
import { noteOpened, readNeighbours } from '../../shell/neighbours.ts';
import { useLetterKeys } from '../../shell/use-letter-keys.ts';

/** Where the lead stands in the list it was opened from, and its neighbours there (keys j and k). Else nothing. */
export function NeighbourNav({ leadId }: { leadId: string }) {
  const navigate = useNavigate();
  const list = readNeighbours(sessionStorage);
  const place = list?.ids.indexOf(leadId) ?? -1;
  const [before, after] = place < 0 ? [undefined, undefined] : [list?.ids[place - 1], list?.ids[place + 1]];
  const open = (id: string | undefined) => () => {
    if (id === undefined) return;
    noteOpened(id, sessionStorage);
    void navigate({ to: buildLeadPath(id), replace: true });
  };
  useLetterKeys({ j: open(after), k: open(before) });
  if (list === null || place < 0) return null;
  const [to = '/', search = ''] = list.href.split('?');
  return (
    <Group component="nav" gap="md" aria-label="Neighbours in the list" mb="sm">
      <Anchor size="sm" renderRoot={(props) => <Link {...props} to={to} search={parseSearch(search)} />}>
        Back to the list
      </Anchor>
      <Text size="sm" c="dimmed">
        {place + 1} of {list.ids.length} on its page
      </Text>
      {before !== undefined && (
        <Anchor component="button" size="sm" onClick={open(before)} aria-keyshortcuts="k">
          Previous (k)
        </Anchor>
      )}
      {after !== undefined && (
        <Anchor component="button" size="sm" onClick={open(after)} aria-keyshortcuts="j">
          Next (j)
        </Anchor>
      )}
    </Group>
  );
}
