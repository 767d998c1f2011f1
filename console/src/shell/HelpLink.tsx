import { ActionIcon } from '@mantine/core';
import { IconHelp } from '@tabler/icons-react';
import { type RegisteredRouter, useMatches } from '@tanstack/react-router';
import { findHelp, HELP } from './help-pages.ts';

/** A path that only leads elsewhere, or that has no frame with this link. */
type WithoutHelp = '/sign-in' | '/welcome' | '/invitation' | '/settings' | '/import' | '/flows/$flowId/edit';
type Screen = Exclude<keyof RegisteredRouter['routesByPath'], WithoutHelp>;

const PAGES: Readonly<Record<Screen, string>> = HELP;

/** The documentation of what the screen is about, in a tab of its own: what is being typed stays. */
export function HelpLink() {
  const href = useMatches({
    select: (matches) => {
      const { fullPath, params } = matches.at(-1) ?? { fullPath: '', params: {} };
      return findHelp(PAGES, { path: fullPath, part: 'part' in params ? params.part : undefined });
    },
  });
  return (
    <ActionIcon
      component="a"
      href={href}
      target="_blank"
      variant="subtle"
      color="gray"
      c="dimmed"
      size={32}
      aria-label="Help with this page, in a new tab"
      title="Help with this page"
    >
      <IconHelp size={20} aria-hidden />
    </ActionIcon>
  );
}
