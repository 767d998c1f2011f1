import { Anchor, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';

export function NotFound() {
  return (
    <Stack align="flex-start" gap="sm" p="lg">
      <Title order={1}>There is no such page</Title>
      <Text c="dimmed">The address may be mistyped, or what it named was removed.</Text>
      <Anchor component={Link} to="/">
        Go to Home
      </Anchor>
    </Stack>
  );
}
