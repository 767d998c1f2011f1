import { Button, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Mapping } from '../../../../src/model/mapping.ts';
import { api } from '../../api/client.ts';
import { sessionQuery } from '../../api/session.ts';
import { describeError } from '../../parts/ErrorState.tsx';
import { FaultAlert } from '../../parts/FaultAlert.tsx';
import { takeOut } from './edit-mappings.ts';
import type { MappingEditing } from './mapping-editing.ts';
import styles from './mappings.module.css';

interface MoveSecretProps {
  mapping: Mapping;
  text: string;
  change(next: Mapping, what: string): void;
  editing: MappingEditing;
}

/** Puts the secret of a mapping into a stored credential, and a reference to it into the draft. */
export function MoveSecret({ mapping, text, change, editing }: MoveSecretProps) {
  const { credential, mappings, put } = editing;
  const queries = useQueryClient();
  const { data: session } = useQuery(sessionQuery);
  const [isOpen, setOpen] = useState(false);
  const [name, setName] = useState(`Key of ${mapping.property}`);
  const taken = takeOut(text);
  const store = useMutation({
    mutationFn: () => api.createCredential({ name, type: 'api_key', key: taken.secret, location: 'none' }),
    onSuccess: async ({ id }) => {
      await queries.invalidateQueries({ queryKey: ['credentials'] });
      const next = { ...mapping, value: taken.value };
      if (credential !== undefined) {
        change(next, `Moved the secret of ${mapping.property} into a credential`);
        credential.change(id, `Chose the credential ${name}`);
        return;
      }
      const kept = mappings.map((each) => (each === mapping ? next : each));
      put(
        [...kept, { property: 'credential_id', value: id }],
        `Moved the secret of ${mapping.property} into a credential`,
      );
    },
    gcTime: 0,
  });
  if (/^https?:/i.test(text.trim()))
    return (
      <p className={styles['note']}>
        Map the key to a header or a property of its own; then it can be moved into a credential.
      </p>
    );
  if (credential?.value || mappings.some(({ property, value }) => property === 'credential_id' && value))
    return (
      <p className={styles['note']}>The step has a credential already. Write {'{{credential.key}}'} to read its key.</p>
    );
  if (!session?.permissions.includes('credentials.manage'))
    return (
      <p className={styles['note']}>A person with the permission credentials.manage can move it into a credential.</p>
    );
  if (!isOpen)
    return (
      <Button variant="default" size="compact-sm" onClick={() => setOpen(true)}>
        Move into a credential
      </Button>
    );
  return (
    <div className={styles['secret']}>
      <TextInput
        label="Name of the credential"
        description="The secret is stored encrypted and shown nowhere; the mapping reads it from there. Replace it where it may have been seen."
        value={name}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
      {store.error && <FaultAlert>{describeError(store.error).text}</FaultAlert>}
      <div className={styles['valueLine']}>
        <Button
          size="compact-sm"
          loading={store.isPending}
          disabled={name.trim() === ''}
          onClick={() => store.mutate()}
        >
          Store the secret
        </Button>
        <Button variant="default" size="compact-sm" onClick={() => setOpen(false)}>
          Cancel
        </Button>
      </div>
    </div>
  );
}
