import { Modal, Stack, Switch } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { settingsQuery, useSaveSettings } from '../api/settings.ts';
import { announce } from '../parts/announce.ts';
import { Sentence } from '../parts/Sentence.tsx';
import classes from './Shell.module.css';
import { SECTIONS } from './sections.ts';

/** What each key does, and the switch that turns single keys off. */
export function KeysSheet({ isOpen, close }: { isOpen: boolean; close: () => void }) {
  const { data: settings } = useQuery(settingsQuery);
  const save = useSaveSettings(({ singleKeys }) => announce(singleKeys ? 'Single keys are on' : 'Single keys are off'));
  const singleKeys = (save.isPending ? save.variables.singleKeys : settings?.singleKeys) ?? true;
  return (
    <Modal opened={isOpen} onClose={close} title="Keyboard shortcuts" closeButtonProps={{ 'aria-label': 'Close' }}>
      <Stack gap="md">
        <table className={classes['keys']}>
          <tbody>
            <Row keys={['Ctrl', 'K']} does="Find a lead, a flow or a page (on a Mac ⌘ K)" />
            <Row keys={['Esc']} does="Close a panel or a menu" />
            <Row keys={['/']} does="Find, as above" />
            <Row keys={['j']} does="In a list the next row; on a lead from a list the next lead" />
            <Row keys={['k']} does="The one before" />
            <Row keys={['?']} does="Show this sheet" />
            {SECTIONS.map(({ key, label }) => (
              <Row key={key} keys={['g', key]} does={`Go to ${label}`} />
            ))}
          </tbody>
        </table>
        <Switch
          label="Single keys"
          description="Turns off what does not need Ctrl or ⌘, for voice input and the like."
          checked={singleKeys}
          onChange={({ currentTarget }) => save.mutate({ singleKeys: currentTarget.checked })}
          error={save.error && <Sentence text={save.error.message} />}
        />
      </Stack>
    </Modal>
  );
}

function Row({ keys, does }: { keys: readonly string[]; does: string }) {
  return (
    <tr>
      <th scope="row">
        {keys.map((key, place) => (
          <span key={key}>
            {place > 0 && ' '}
            <kbd>{key}</kbd>
          </span>
        ))}
      </th>
      <td>{does}</td>
    </tr>
  );
}
