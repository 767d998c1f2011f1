import { Anchor, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { CodeBlock } from '../../parts/CodeBlock.tsx';
import { PageHeader } from '../../parts/PageHeader.tsx';
import { Section } from '../../parts/Section.tsx';
import { useTitle } from '../../parts/use-title.ts';
import { DeveloperTabs } from './DeveloperTabs.tsx';
import { DocLink } from './DocLink.tsx';
import { BUILD_CLIENT, buildCheck, buildProgram, COMMAND_LINE, KEEP_KEY } from './set-up-commands.ts';

/** From a key to the first call, by curl, by the client and by the command line; docs/guides/developers.md is the same. */
export function SetUpPage() {
  useTitle('Set up', 'Developers');
  const { origin } = window.location;
  return (
    <>
      <PageHeader title="Set up" text="What a program needs to call this server. The commands have its address.">
        <DocLink to="/docs/guides/developers">The same as a guide</DocLink>
      </PageHeader>
      <DeveloperTabs />
      <Stack gap="xl" maw={860}>
        <Section title="Address" text="Where this server takes calls, as your browser reached it.">
          <CodeBlock code={origin} label="Address of this server" />
        </Section>
        <Section title="API key">
          <Text size="sm">
            Make one in{' '}
            <Anchor component={Link} to="/settings/api-keys" inherit underline="always">
              Settings → API keys
            </Anchor>
            , with the role that the program needs. It is shown once. Keep it in the environment of the program, not in
            its source. It takes the permission <code>keys.manage</code>.
          </Text>
          <CodeBlock code={KEEP_KEY} label="Keep the key" />
        </Section>
        <Section title="curl" text="The key is the password; the user name does not matter. This lists the flows:">
          <CodeBlock code={buildCheck(origin)} label="First call" />
          <Text size="sm" c="dimmed">
            401 means that the key is not in force, 403 that it lacks a permission, which the answer names.
          </Text>
        </Section>
        <Section
          title="Client"
          text="@sluice/client has a method for every operation, for Node and browsers. It is the folder client/ of Sluice and is not on a registry: build it there, then install it in the folder of your program."
        >
          <Text size="sm">
            <DocLink to="/docs/guides/client">Errors, retries and pages of the client</DocLink>
          </Text>
          <CodeBlock code={BUILD_CLIENT} label="Build and install the client" />
          <CodeBlock code={buildProgram(origin)} label="First program" />
        </Section>
        <Section
          title="Command line"
          text="sluice works on the database of the server, so it runs on the machine of the server, in its folder and with its settings. It needs no key."
        >
          <Text size="sm">
            <DocLink to="/docs/reference/cli">All commands</DocLink>
          </Text>
          <CodeBlock code={COMMAND_LINE} label="Command line" />
        </Section>
        <Section title="Webhooks">
          <Text size="sm">
            <Anchor component={Link} to="/settings/webhooks" inherit underline="always">
              Settings → Webhooks
            </Anchor>{' '}
            posts each event to a URL of yours as it comes, and shows the secret that signs it, once. Check the
            signature before you read the body: <code>webhook-signature</code> is the HMAC-SHA-256 of{' '}
            <code>{'<webhook-id>.<webhook-timestamp>.<body>'}</code>, as Standard Webhooks has it (
            <DocLink to="/docs/guides/webhooks#check-the-signature">signature</DocLink>).
          </Text>
        </Section>
      </Stack>
    </>
  );
}
