import { Anchor, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { memo, type ReactNode } from 'react';
import { CodeBlock } from '../../parts/CodeBlock.tsx';
import { Section } from '../../parts/Section.tsx';
import classes from './developers.module.css';
import { buildCheck } from './set-up-commands.ts';

/** What holds for every call, and what the schemas do not say. */
export const EveryCall = memo(function EveryCall() {
  return (
    <Stack gap="xl" className={classes['operation'] ?? ''}>
      <Section title="What holds for every call">
        <CodeBlock code={buildCheck(window.location.origin)} label="First call" />
        <Text size="sm">
          <Anchor component={Link} to="/developers/set-up" inherit underline="always">
            Set up
          </Anchor>{' '}
          has the key, the client and the command line.
        </Text>
        <Points points={RULES} />
      </Section>
      <Section title="What the schemas do not say">
        <Points points={UNSAID} />
      </Section>
    </Stack>
  );
});

function Points({ points }: { points: readonly (readonly [term: string, words: ReactNode])[] }) {
  return (
    <dl className={classes['points']}>
      {points.map(([term, words]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{words}</dd>
        </div>
      ))}
    </dl>
  );
}

const RULES: readonly (readonly [string, ReactNode])[] = [
  ['Key', 'An API key is the password of HTTP Basic. The user name does not matter.'],
  [
    'Session',
    <>
      Wherever a key is taken, the cookie of a session is, too. What changes something then needs the header{' '}
      <code>X-CSRF-Token</code>.
    </>,
  ],
  ['Bodies', 'JSON in UTF-8, both ways, unless the operation lists other types.'],
  [
    'Errors',
    <>
      <code>error</code> is a sentence for people, <code>code</code> is for programs and stays; <code>details</code>{' '}
      lists each place of the body that is wrong.
    </>,
  ],
  [
    'Parameters',
    'One that the operation does not know is an error (400), not ignored. A list is the name repeated, or values with commas between.',
  ],
  [
    'Pages',
    <>
      Long lists take <code>limit</code> and the id to go on from (<code>before_id</code>, <code>after_id</code> or{' '}
      <code>before</code>).
    </>,
  ],
  [
    'Revisions',
    <>
      <code>If-Match</code> with the revision that you read refuses a save over somebody else’s (409).
    </>,
  ],
  [
    'Away',
    <>
      503 with <code>Retry-After</code> while the server cannot take a call. The client waits and asks again, but only
      for what changes nothing.
    </>,
  ],
];

const UNSAID: readonly (readonly [string, ReactNode])[] = [
  [
    'Rules across properties',
    'A body that fits its schema may be refused all the same, such as a flow that names a step it does not have. The answer is 422, with each place.',
  ],
  [
    'Parameters that belong together',
    'No parameter of a query is marked as required. Where an operation needs one of several, or two together, its 400 says which.',
  ],
  [
    'Values of leads',
    'Their names are those of your fields, so a lead has any properties. The posting page of a source lists what it takes.',
  ],
  [
    'Modules',
    'What a mapping may fill depends on the module of the step. Library → Integrations lists the properties of each.',
  ],
  [
    'Files and streams',
    <>
      These answer no JSON and have no entry of their own: <code>/events/stream</code>,{' '}
      <code>{'/jobs/{id}/events'}</code>, <code>{'/jobs/{id}/artefacts/{name}'}</code>,{' '}
      <code>{'/exports/{id}/download'}</code>, <code>{'/batches/{id}/files/{file_id}/download'}</code>. The operations
      beside them describe them.
    </>,
  ],
];
