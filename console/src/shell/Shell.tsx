import { AppShell, Burger, NavLink } from '@mantine/core';
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { Link, Outlet, useLocation, useMatchRoute } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useEffect, useState } from 'react';
import { useSession } from '../api/use-session.ts';
import { Announcer } from '../parts/Announcer.tsx';
import { nameZone } from '../parts/format-time.ts';
import { useShownDensity } from '../parts/use-density.ts';
import { ConnectionBanner } from './ConnectionBanner.tsx';
import { HelpLink } from './HelpLink.tsx';
import { JobsBell } from './JobsBell.tsx';
import { noteRecentLead } from './recent-leads.ts';
import classes from './Shell.module.css';
import { SECTIONS } from './sections.ts';
import { UserMenu } from './UserMenu.tsx';
import { useSingleKeys } from './use-single-keys.ts';

const importPalette = () => import('./LazyPalette.tsx');
/** After what the page itself loads; letters that are typed right after Ctrl K would otherwise be lost. */
const PALETTE_AFTER_MS = 2_000;
const Palette = lazy(() => importPalette());
const KeysSheet = lazy(() => import('./KeysSheet.tsx').then((module) => ({ default: module.KeysSheet })));

/** The frame of every page behind a session. */
export function Shell() {
  const [isRailOpen, rail] = useDisclosure(false);
  const { open: openKeys, isOpen: areKeysOpen, close: closeKeys, wasOpened: wereKeysOpened } = useSheet();
  const find = useCallback(() => void importPalette().then(({ openPalette }) => openPalette()), []);
  useHotkeys([['mod+K', find]], []);
  useSingleKeys({ find, showKeys: openKeys });
  useRecentLeads();
  useShownDensity();
  useEffect(() => {
    const later = setTimeout(() => void importPalette(), PALETTE_AFTER_MS);
    return () => clearTimeout(later);
  }, []);
  return (
    <AppShell
      header={{ height: 48 }}
      navbar={{ width: 200, breakpoint: 'sm', collapsed: { mobile: !isRailOpen } }}
      padding="lg"
      transitionDuration={0}
    >
      <a className={classes['skip']} href="#main">
        Skip to the page
      </a>
      <AppShell.Header>
        <TopBar {...{ isRailOpen, toggleRail: rail.toggle, find, showKeys: openKeys }} />
      </AppShell.Header>
      <AppShell.Navbar
        id="sections"
        p="sm"
        aria-label="Sections"
        className={isRailOpen ? undefined : classes['closed']}
      >
        <Sections close={rail.close} />
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1}>
        <ConnectionBanner />
        <Outlet />
      </AppShell.Main>
      <Announcer />
      <Suspense>
        <Palette showKeys={openKeys} />
        {wereKeysOpened && <KeysSheet isOpen={areKeysOpen} close={closeKeys} />}
      </Suspense>
    </AppShell>
  );
}

function TopBar(given: { isRailOpen: boolean; toggleRail: () => void; find: () => void; showKeys: () => void }) {
  const { isRailOpen, toggleRail, find, showKeys } = given;
  const { account } = useSession();
  return (
    <div className={classes['bar']}>
      <Burger
        opened={isRailOpen}
        onClick={toggleRail}
        hiddenFrom="sm"
        size="sm"
        aria-label="Sections"
        aria-expanded={isRailOpen}
        aria-controls="sections"
      />
      <div className={classes['names']}>
        <span className={classes['account']} title={account.name}>
          {account.name}
        </span>
        <span className={classes['zone']} title="Times are of this zone">
          {nameZone(account.time_zone, new Date())}
        </span>
      </div>
      <div className={classes['tools']}>
        <button type="button" className={classes['search']} onClick={find} aria-keyshortcuts="Control+K">
          <IconSearch size={16} aria-hidden />
          <span>Find a lead, a flow, a page</span>
          <kbd aria-hidden>Ctrl K</kbd>
        </button>
        <JobsBell />
        <HelpLink />
        <UserMenu showKeys={showKeys} />
      </div>
    </div>
  );
}

function Sections({ close }: { close: () => void }) {
  const matches = useMatchRoute();
  const { permissions } = useSession();
  const shown = SECTIONS.filter(({ permission }) => permission === undefined || permissions.includes(permission));
  return shown.map(({ to, label, icon: Icon, also = [], badge: Badge }) => {
    const isHere = [to, ...also].some((each) => matches({ to: each, fuzzy: each !== '/' }) !== false);
    return (
      <NavLink
        key={to}
        component={Link}
        to={to}
        label={label}
        leftSection={<Icon size={16} aria-hidden />}
        {...(Badge && { rightSection: <Badge /> })}
        active={isHere}
        onClick={close}
      />
    );
  });
}

/** Is it open, and was it ever: its code is loaded then. */
function useSheet() {
  const [isOpen, { open, close }] = useDisclosure(false);
  const [wasOpened, setOpened] = useState(false);
  const openIt = useCallback(() => {
    setOpened(true);
    open();
  }, [open]);
  return { isOpen, open: openIt, close, wasOpened };
}

const LEAD_PATH = /^\/leads\/([0-9a-f]{24})$/;

function useRecentLeads(): void {
  const { user } = useSession();
  const { pathname } = useLocation();
  const id = LEAD_PATH.exec(pathname)?.[1];
  useEffect(() => {
    if (id !== undefined) noteRecentLead(id, { userId: user.id, storage: localStorage });
  }, [id, user.id]);
}
