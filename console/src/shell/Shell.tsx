import { AppShell, Burger, Group, NavLink, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconHome } from '@tabler/icons-react';
import { Link, Outlet, useMatchRoute } from '@tanstack/react-router';
import type { ComponentType } from 'react';

/** The rail: where each section begins. */
const SECTIONS: readonly { to: '/'; label: string; icon: ComponentType<{ size: number }> }[] = [
  { to: '/', label: 'Home', icon: IconHome },
];

/** The frame of every page behind a session. */
export function Shell() {
  const [isRailOpen, rail] = useDisclosure(false);
  const matches = useMatchRoute();
  return (
    <AppShell
      header={{ height: 48 }}
      navbar={{ width: 200, breakpoint: 'sm', collapsed: { mobile: !isRailOpen } }}
      padding="lg"
    >
      <AppShell.Header>
        <Group h="100%" px="md">
          <Burger opened={isRailOpen} onClick={rail.toggle} hiddenFrom="sm" size="sm" aria-label="Sections" />
          <Text fw={600}>Sluice</Text>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" aria-label="Sections">
        {SECTIONS.map(({ to, label, icon: Icon }) => (
          <NavLink
            key={to}
            component={Link}
            to={to}
            label={label}
            leftSection={<Icon size={16} />}
            active={matches({ to }) !== false}
            onClick={rail.close}
          />
        ))}
      </AppShell.Navbar>
      <AppShell.Main>
        <Outlet />
      </AppShell.Main>
    </AppShell>
  );
}
