import { Box, Checkbox, MultiSelect, Stack, Switch, Text } from '@mantine/core';
import { queryOptions, useQuery } from '@tanstack/react-query';
import type { Destination } from '../../../../src/model/flow.ts';
import { api } from '../../api/client.ts';
import classes from './edit.module.css';
import { FaultNotes } from './FaultNotes.tsx';
import { type ActionRow, listActionRows, pickAction, pickAll } from './pick-actions.ts';
import { usePart } from './use-part.ts';

const destinationsQuery = queryOptions({
  queryKey: ['destinations'],
  queryFn: () => api.listDestinations(),
  staleTime: 60_000,
});

type Known = Awaited<ReturnType<typeof api.listDestinations>>[number];

/** Who gets a copy of every processed lead, and by which of their actions. */
export function DestinationsPart() {
  const { value, change, faults, isReadOnly } = usePart<Destination[]>('destinations');
  const { data: known = [] } = useQuery(destinationsQuery);
  const used = value ?? [];
  const ids = used.flatMap(({ instance_id: id }) => (id === undefined ? [] : [id]));
  const names = new Map(known.map(({ instance_id: id, name }) => [id, name]));
  const choose = (next: string[]) => {
    const kept = used.filter(({ instance_id: id }) => id === undefined || next.includes(id));
    const added = next.filter((id) => !ids.includes(id)).map((id) => ({ instance_id: id }));
    const all = [...kept, ...added];
    change(all.length === 0 ? undefined : all, 'Changed the destinations');
  };
  if (known.length === 0 && used.length === 0) return null;
  return (
    <Stack gap="md">
      <MultiSelect
        label="Destinations"
        description="They get every lead that the steps have processed without an error."
        data={[...new Set([...names.keys(), ...ids])].map((id) => ({ value: id, label: names.get(id) ?? id }))}
        value={ids}
        onChange={choose}
        disabled={isReadOnly}
        searchable
      />
      <FaultNotes faults={faults} />
      {used.map((destination, index) => (
        <Actions
          key={destination.instance_id ?? index}
          destination={destination}
          known={known.find(({ instance_id: id }) => id === destination.instance_id)}
          isReadOnly={isReadOnly}
          change={(next, what) => change(used.toSpliced(index, 1, next), what)}
        />
      ))}
    </Stack>
  );
}

interface ActionsProps {
  destination: Destination;
  /** undefined: the account has no such destination, or it is not read yet. */
  known: Known | undefined;
  isReadOnly: boolean;
  change(next: Destination, what: string): void;
}

/** All actions of a destination, also those that are added to it later; or some of them. */
function Actions({ destination, known, isReadOnly, change }: ActionsProps) {
  const name = known?.name ?? destination.name ?? destination.instance_id ?? 'a destination without an id';
  const rows = listActionRows(destination, known?.actions ?? []);
  const isAll = destination.actions === undefined;
  const chosen = rows.filter(({ isChosen }) => isChosen).length;
  return (
    <Box component="fieldset" m={0} p={0} bd={0} miw={0}>
      <Text component="legend" fw={500} mb="xs" p={0} className={classes['long'] ?? ''}>
        Actions of <bdi>{name}</bdi>
      </Text>
      <Stack gap="sm">
        <Switch
          label="By all its actions"
          description="Also by those that are added to the destination later."
          checked={isAll}
          disabled={isReadOnly}
          onChange={({ currentTarget: { checked } }) =>
            change(
              pickAll(destination, known?.actions ?? [], checked),
              checked ? `${name} gets leads by all its actions` : `Chose actions of ${name}`,
            )
          }
        />
        {!isAll &&
          rows.map((row) => (
            <Action
              key={row.id}
              row={row}
              isLast={row.isChosen && chosen === 1}
              isReadOnly={isReadOnly}
              pick={(isPicked) =>
                change(
                  pickAction(destination, row.id, isPicked),
                  `${isPicked ? 'Added' : 'Left out'} the action ${row.name} of ${name}`,
                )
              }
            />
          ))}
        {!isAll && chosen === 1 && (
          <Text size="sm" c="dimmed">
            One action stays. To send nothing there, remove the destination above.
          </Text>
        )}
      </Stack>
    </Box>
  );
}

function Action(given: { row: ActionRow; isLast: boolean; isReadOnly: boolean; pick(isPicked: boolean): void }) {
  const { row, isLast, isReadOnly, pick } = given;
  return (
    <Checkbox
      label={row.name}
      description={row.url ?? 'The destination has this action no more: leave it out.'}
      classNames={{ description: classes['long'] ?? '' }}
      checked={row.isChosen}
      disabled={isReadOnly || isLast}
      onChange={({ currentTarget: { checked } }) => pick(checked)}
    />
  );
}
