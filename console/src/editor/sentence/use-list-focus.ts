import { type RefObject, useRef } from 'react';

export interface ListFocus<List extends HTMLElement> {
  list: RefObject<List | null>;
  add: RefObject<HTMLButtonElement | null>;
  /** To the first number of the entry at a place, once it is drawn. */
  toEntry(index: number): void;
  /** To the button that adds one: the entry that had the focus is gone. */
  toAdd(): void;
}

/** Where the focus goes when entries of a list are added and removed. */
export function useListFocus<List extends HTMLElement>(): ListFocus<List> {
  const list = useRef<List>(null);
  const add = useRef<HTMLButtonElement>(null);
  return {
    list,
    add,
    toEntry: (index) =>
      void requestAnimationFrame(() => {
        const entry = list.current?.children[index];
        const field = entry?.querySelector<HTMLElement>('input[inputmode="decimal"]') ?? entry?.querySelector('input');
        field?.focus();
      }),
    toAdd: () => void requestAnimationFrame(() => add.current?.focus()),
  };
}
