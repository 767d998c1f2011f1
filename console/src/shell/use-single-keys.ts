import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { settingsQuery } from '../api/settings.ts';
import { PREFIX_MS, readKey } from './read-key.ts';
import { SECTIONS } from './sections.ts';

/** Keys without Ctrl or ⌘, unless the person turned them off, types somewhere, or a dialog is open. */
export function useSingleKeys({ find, showKeys }: { find: () => void; showKeys: () => void }): void {
  const { data: settings } = useQuery(settingsQuery);
  const navigate = useNavigate();
  const prefixedAt = useRef(Number.NEGATIVE_INFINITY);
  const isOn = settings?.singleKeys ?? false;
  useEffect(() => {
    if (!isOn) return;
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) return;
      const meaning = readKey(event.key, {
        follows: event.timeStamp - prefixedAt.current < PREFIX_MS,
        sections: SECTIONS,
      });
      prefixedAt.current = meaning?.kind === 'prefix' ? event.timeStamp : Number.NEGATIVE_INFINITY;
      if (meaning === null || meaning.kind === 'prefix') return;
      event.preventDefault();
      if (meaning.kind === 'find') find();
      else if (meaning.kind === 'keys') showKeys();
      else void navigate({ to: meaning.to });
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [isOn, navigate, find, showKeys]);
}

function isTyping(target: EventTarget | null): boolean {
  if (document.querySelector('[role="dialog"]') !== null) return true;
  return (
    target instanceof HTMLElement &&
    target.closest('input, textarea, select, [contenteditable], [role="menu"]') !== null
  );
}
