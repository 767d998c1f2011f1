import { type KeyboardEvent, type ReactNode, useId, useRef } from 'react';
import classes from './SectionTabs.module.css';

/** Views of one thing beside each other, which look as pages of a section do; arrows go from one to the next (APG, Tabs). */
export function ViewTabs<View extends string>(given: {
  label: string;
  words: Readonly<Record<View, string>>;
  views: readonly View[];
  chosen: View;
  choose: (view: View) => void;
  /** Of the view that is chosen. */
  children: ReactNode;
}) {
  const { label, words, views, chosen, choose, children } = given;
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const to = GOES_TO[event.key]?.(views.indexOf(chosen), views.length);
    const view = to === undefined ? undefined : views.at(to % views.length);
    if (view === undefined) return;
    event.preventDefault();
    choose(view);
    list.current?.querySelector<HTMLElement>(`[data-view="${view}"]`)?.focus();
  };
  return (
    <div>
      <div ref={list} role="tablist" aria-label={label} className={classes['tabs']} data-views onKeyDown={onKeyDown}>
        {views.map((view) => (
          <button
            key={view}
            type="button"
            role="tab"
            id={`${id}-${view}`}
            data-view={view}
            className={classes['tab']}
            aria-selected={view === chosen}
            {...(view === chosen && { 'aria-controls': `${id}-panel` })}
            tabIndex={view === chosen ? 0 : -1}
            onClick={() => choose(view)}
          >
            {words[view]}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${chosen}`} className={classes['panel']}>
        {children}
      </div>
    </div>
  );
}

/** The place of the next view; before the first one is the last one. */
const GOES_TO: Readonly<Record<string, (from: number, count: number) => number>> = {
  ArrowRight: (from) => from + 1,
  ArrowLeft: (from, count) => from - 1 + count,
  Home: () => 0,
  End: (_, count) => count - 1,
};
