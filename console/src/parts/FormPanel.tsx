import { Button, Drawer, Group, Stack, Text } from '@mantine/core';
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { describeError } from './ErrorState.tsx';
import { FaultAlert } from './FaultAlert.tsx';
import { findFieldErrors } from './find-field-errors.ts';
import { nameProperty } from './name-property.ts';
import { Sentence } from './Sentence.tsx';

interface FormPanelProps {
  title: string;
  /** One sentence on what it does. */
  text?: string;
  /** The verb of its button: `Invite`. */
  verb: string;
  children: ReactNode;
  /** What its button does (`useChange`). What the server says of a field is shown at the field, too. */
  change: { mutate(): void; isPending: boolean; error: unknown };
  close(): void;
}

/** A panel at the right with the form of one thing; the page behind it stays as it is. */
export function FormPanel({ title, close, ...form }: FormPanelProps) {
  return (
    <SidePanel title={title} close={close}>
      <PanelForm {...form} label={title} close={close} />
    </SidePanel>
  );
}

interface SidePanelProps {
  /** What it is: `Field`. */
  title: string;
  /** Which one; absent while it is read. */
  name?: string | undefined;
  /** `lg`: it has tables or code. */
  size?: 'md' | 'lg';
  opened?: boolean;
  close(): void;
  children: ReactNode;
}

/** The panel alone, for what is no form. */
export function SidePanel({ title, name, size = 'md', opened = true, close, children }: SidePanelProps) {
  useOpener();
  return (
    <Drawer
      opened={opened}
      onClose={close}
      position="right"
      size={size}
      title={
        name === undefined ? (
          title
        ) : (
          <>
            {title} <bdi>{name}</bdi>
          </>
        )
      }
      closeButtonProps={{ 'aria-label': 'Close' }}
      transitionProps={{ duration: 0 }}
    >
      {children}
    </Drawer>
  );
}

/**
 * Gives the focus back to what opened the panel. Mantine does so for one that stays and is closed; those that the address names
 * leave the page.
 */
function useOpener(): void {
  const [opener] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      requestAnimationFrame(() => {
        // What took the focus meanwhile keeps it.
        if (document.activeElement === document.body && opener instanceof HTMLElement)
          opener.focus({ preventScroll: true });
      });
    },
    [opener],
  );
}

function PanelForm(given: Omit<FormPanelProps, 'title'> & { label: string }) {
  const { label, text, verb, children, change, close } = given;
  const form = useRef<HTMLFormElement>(null);
  // What has to be corrected first. A form that does not show the field says at its end which one it is.
  useEffect(() => {
    if (change.error) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [change.error]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate();
  };
  return (
    <form ref={form} onSubmit={submit} aria-label={label} noValidate>
      <Stack gap="md">
        {text !== undefined && (
          <Text c="dimmed" size="sm">
            {text}
          </Text>
        )}
        {children}
        {change.error ? <FormFault error={change.error} /> : null}
        <Group gap="sm">
          <Button type="submit" loading={change.isPending}>
            {verb}
          </Button>
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** What the server says of a form, with each place by the label of its field. */
export function FormFault({ error }: { error: unknown }) {
  const places = Object.entries(findFieldErrors(error));
  return (
    <FaultAlert>
      {describeError(error).text}
      {places.length > 0 && (
        <ul>
          {places.map(([place, message]) => (
            <li key={place}>
              {place === '' ? '' : `${nameProperty(place)}: `}
              <Sentence text={message} />
            </li>
          ))}
        </ul>
      )}
    </FaultAlert>
  );
}
