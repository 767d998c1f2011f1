import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { settingsQuery } from '../api/settings.ts';

/** What single letters do on a page, unless the person turned them off, types somewhere, or a dialog is open. */
export function useLetterKeys(keys: Readonly<Record<string, () => void>>): void {
  const { data: settings } = useQuery(settingsQuery);
  const isOn = settings?.singleKeys ?? false;
  const current = useRef(keys);
  current.current = keys;
  useEffect(() => {
    if (!isOn) return;
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) return;
      const act = Object.hasOwn(current.current, event.key) ? current.current[event.key] : undefined;
      if (act === undefined) return;
      event.preventDefault();
      act();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [isOn]);
}

function isTyping(target: EventTarget | null): boolean {
  if (document.querySelector('[role="dialog"]') !== null) return true;
  const places = 'input:not([type=checkbox]), textarea, select, [contenteditable], [role="menu"]';
  return target instanceof HTMLElement && target.closest(places) !== null;
}
