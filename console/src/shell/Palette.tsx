import '@mantine/spotlight/styles.css';
import { useMantineColorScheme } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Spotlight, type SpotlightActionData } from '@mantine/spotlight';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, useState } from 'react';
import type { SearchHit } from '../../../client/src/client.ts';
import { flowNamesQuery } from '../api/flows.ts';
import { foundLeadsQuery } from '../api/leads.ts';
import { useMay, useSession } from '../api/use-session.ts';
import { buildLeadPath } from '../parts/build-lead-path.ts';
import { OutcomeBadge } from '../parts/OutcomeBadge.tsx';
import { findPlaces } from './places.ts';
import { readRecentLeads } from './recent-leads.ts';
import { SECTIONS } from './sections.ts';
import { useSignOut } from './use-sign-out.ts';

/** A search begins once the person has stopped typing for so long. */
const PAUSE_MS = 150;
const QUERY_CHARACTERS_MIN = 2;
const NAMES_MAX = 6;
/** All sections fit. */
const PLACES_MAX = 12;

interface Choice extends SpotlightActionData {
  outcome?: string;
}

/** Goes to a page, a flow or a lead by whatever is known of it, and does what needs no page. */
export function Palette({ showKeys }: { showKeys: () => void }) {
  const [query, setQuery] = useState('');
  const groups = useChoices(query.trim(), showKeys);
  const shown = groups.filter(({ choices }) => choices.length > 0);
  return (
    <Spotlight.Root
      query={query}
      onQueryChange={setQuery}
      shortcut={null}
      clearQueryOnClose
      // To lock it adds a style, which makes the browser look at the whole page again before the palette is shown.
      lockScroll={false}
      scrollable
      maxHeight={480}
      overlayProps={{ blur: 0 }}
    >
      <Spotlight.Search
        placeholder="Id, e-mail, phone, name of a lead; flow; page"
        aria-label="Find"
        leftSection={<IconSearch size={16} aria-hidden />}
        onKeyDown={takeFirst}
      />
      <Spotlight.ActionsList>
        {shown.map(({ label, choices }) => (
          <Spotlight.ActionsGroup key={label} label={label}>
            {choices.map(({ outcome, ...choice }) => (
              <Spotlight.Action
                key={choice.id}
                {...choice}
                rightSection={outcome === undefined ? undefined : <OutcomeBadge status={outcome} />}
              />
            ))}
          </Spotlight.ActionsGroup>
        ))}
        {shown.length === 0 && <Spotlight.Empty>Nothing is called that, and no lead has it</Spotlight.Empty>}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}

/** Enter takes the first of what was found, as long as the arrows have chosen nothing. */
function takeFirst({ key, nativeEvent: { isComposing } }: KeyboardEvent): void {
  if (key !== 'Enter' || isComposing || document.querySelector('[data-action][data-selected]') !== null) return;
  document.querySelector<HTMLElement>('[data-action]')?.click();
}

function useChoices(query: string, showKeys: () => void): { label: string; choices: Choice[] }[] {
  const navigate = useNavigate();
  const { setColorScheme, colorScheme } = useMantineColorScheme();
  const signOut = useSignOut();
  const { user, permissions } = useSession();
  const leads = useFoundLeads(query);
  const { data: flows = [] } = useQuery({ ...flowNamesQuery, enabled: permissions.includes('flows.read') });
  const matches = (text: string) => text.toLowerCase().includes(query.toLowerCase());
  const go = (to: string) => () => void navigate({ to });
  const other = colorScheme === 'dark' ? 'light' : 'dark';
  const recent = query === '' ? readRecentLeads(user.id, localStorage) : [];
  const named = flows.flatMap((flow) => [
    { id: flow.id, label: flow.name, description: 'Flow', flowId: flow.id, search: {} },
    ...flow.sources.map(({ id, name }) => ({
      id: `${flow.id}-${id}`,
      label: name,
      description: `Source of ${flow.name}: its posting page`,
      flowId: flow.id,
      search: { source: id },
    })),
  ]);
  const actions: Choice[] = [
    { id: 'theme', label: `Use the ${other} theme`, onClick: () => setColorScheme(other) },
    { id: 'keys', label: 'Show keyboard shortcuts', onClick: showKeys },
    { id: 'sign-out', label: 'Sign out', onClick: () => void signOut() },
  ];
  return [
    { label: 'Leads', choices: leads.map((hit) => ({ ...describeHit(hit), onClick: go(buildLeadPath(hit.lead_id)) })) },
    { label: 'Recent leads', choices: recent.map((id) => ({ id, label: id, onClick: go(buildLeadPath(id)) })) },
    {
      label: 'Flows and sources',
      choices: named
        .filter(({ label }) => query !== '' && matches(label))
        .slice(0, NAMES_MAX)
        .map(({ flowId, search, ...choice }) => ({
          ...choice,
          onClick: () => void navigate({ to: '/flows/$flowId', params: { flowId }, search }),
        })),
    },
    {
      label: 'Pages',
      choices: findPlaces(query, { sections: SECTIONS, permissions })
        .slice(0, PLACES_MAX)
        .map(({ to, label, of }) => ({
          ...{ id: `${to} ${label}`, label, onClick: go(to) },
          ...(of !== undefined && { description: of }),
        })),
    },
    { label: 'Actions', choices: actions.filter(({ label = '' }) => matches(label)) },
  ];
}

function useFoundLeads(query: string): SearchHit[] {
  const mayRead = useMay('leads.read');
  const [asked] = useDebouncedValue(query, PAUSE_MS);
  const isAsked = mayRead && asked.length >= QUERY_CHARACTERS_MIN && query.length >= QUERY_CHARACTERS_MIN;
  const { data } = useQuery({ ...foundLeadsQuery(asked), enabled: isAsked });
  return isAsked ? (data?.hits ?? []) : [];
}

function describeHit(hit: SearchHit): Choice {
  const name = [hit.first_name, hit.last_name].filter((part) => part !== null).join(' ');
  const { outcome } = hit.latest_event;
  return {
    id: hit.lead_id,
    label: name || hit.email || hit.phone_1 || hit.lead_id,
    description: [hit.email ?? hit.phone_1, hit.flow_name, hit.source_name].filter(Boolean).join(' · '),
    ...(outcome !== undefined && { outcome }),
  };
}
