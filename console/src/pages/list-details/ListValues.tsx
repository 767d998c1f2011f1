import { Button, Group, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { type List, listsQuery, lookUpValue } from '../../api/library.ts';
import { FormFault } from '../../parts/FormPanel.tsx';
import { OutcomeBadge } from '../../parts/OutcomeBadge.tsx';
import { Time } from '../../parts/Time.tsx';
import { useChange } from '../../parts/use-change.ts';
import { splitValues } from '../lists/list-words.ts';

/** Is one value on the list? */
export function CheckValue({ list }: { list: List }) {
  const [value, setValue] = useState('');
  const [found, setFound] = useState<{ at: string | null } | null>(null);
  const look = useChange({
    run: () => lookUpValue(list.id, value.trim()),
    keys: [],
    said: 'The list was asked',
    done: (at) => setFound({ at }),
  });
  return (
    <form
      aria-label="Check a value"
      onSubmit={(event) => {
        event.preventDefault();
        if (value.trim() !== '') look.mutate();
      }}
    >
      <Stack gap="sm" maw={480}>
        <Group gap="sm" align="flex-end" wrap="nowrap">
          <TextInput
            label="Value"
            value={value}
            autoComplete="off"
            onChange={({ currentTarget: { value: typed } }) => {
              setValue(typed);
              setFound(null);
            }}
            style={{ flexGrow: 1 }}
          />
          <Button type="submit" variant="default" loading={look.isPending}>
            Check
          </Button>
        </Group>
        {look.error && <FormFault error={look.error} />}
        {found && (
          <Group gap="sm">
            {found.at === null ? (
              <OutcomeBadge status="skip" word="Not on the list" />
            ) : (
              <>
                <OutcomeBadge status="success" word="On the list" />
                <Text size="sm">
                  Added <Time at={found.at} />
                </Text>
              </>
            )}
          </Group>
        )}
      </Stack>
    </form>
  );
}

/** Of the server, too; it decides. */
const VALUES_MAX = 10_000;
const COUNT = new Intl.NumberFormat('en-US');

/** A handful of values at once; more of them come from a file. */
export function EditValues({ list }: { list: List }) {
  const [text, setText] = useState('');
  const [said, setSaid] = useState('');
  const values = splitValues(text);
  const done = (sentence: string) => {
    setSaid(sentence);
    setText('');
  };
  const add = useChange({
    run: () => api.addListItems(list.id, { values }),
    keys: [listsQuery.queryKey],
    said: 'The values were added',
    done: ({ accepted, rejected }) =>
      done(`${COUNT.format(accepted)} added${rejected > 0 ? `, ${COUNT.format(rejected)} did not fit the list` : ''}.`),
  });
  const remove = useChange({
    run: () => api.removeListItems(list.id, { values }),
    keys: [listsQuery.queryKey],
    said: 'The values were removed',
    done: ({ deleted, rejected }) =>
      done(
        `${COUNT.format(deleted)} removed${rejected > 0 ? `, ${COUNT.format(rejected)} were not on the list` : ''}.`,
      ),
  });
  const error = add.error ?? remove.error;
  const isTooMany = values.length > VALUES_MAX;
  const isNone = values.length === 0 || isTooMany;
  return (
    <Stack gap="sm" maw={640}>
      <Textarea
        label="Values"
        description="One a line, or with commas between."
        autosize
        minRows={3}
        maxRows={10}
        autoComplete="off"
        value={text}
        error={isTooMany ? `At most ${COUNT.format(VALUES_MAX)} at once: import a file.` : undefined}
        onChange={({ currentTarget: { value } }) => {
          setText(value);
          setSaid('');
        }}
      />
      {error && <FormFault error={error} />}
      <Group gap="sm">
        <Button
          onClick={() => {
            remove.reset();
            add.mutate();
          }}
          loading={add.isPending}
          disabled={isNone}
        >
          Add {values.length > 1 ? `${COUNT.format(values.length)} values` : 'value'}
        </Button>
        <Button
          variant="default"
          onClick={() => {
            add.reset();
            remove.mutate();
          }}
          loading={remove.isPending}
          disabled={isNone}
        >
          Remove from the list
        </Button>
        {said !== '' && <Text size="sm">{said}</Text>}
      </Group>
    </Stack>
  );
}
