import { createContext, type MouseEvent, useContext } from 'react';
import type { DraftStore } from '../../editor/draft/draft-store.ts';

/** What the parts of the editor share; it never changes while a flow is edited, so that nothing is drawn again because of it. */
export interface EditTools {
  flowId: string;
  isReadOnly: boolean;
  change: DraftStore['change'];
  undo: DraftStore['undo'];
  /** null: the panel is closed. */
  openPanel(panel: string | null): void;
  /** The address of the page with this panel. */
  hrefOf(panel: string): string;
  /** Asks before something is done that others depend on. */
  confirm(question: Question): void;
  /** Says what was done, with a button that takes it back. */
  tellDone(sentence: string): void;
}

export interface Question {
  title: string;
  /** What happens, and to what. */
  sentences: readonly string[];
  /** Of the button that does it: `Remove step`. */
  verb: string;
  act(): void;
}

export const EditContext = createContext<EditTools | null>(null);

export function useEdit(): EditTools {
  const tools = useContext(EditContext);
  if (tools === null) throw new Error('useEdit needs the page of the editor above it.');
  return tools;
}

/** Props of a link that opens a panel; other tabs and windows open it by its address. */
export function panelLink({ hrefOf, openPanel }: EditTools, panel: string) {
  return {
    href: hrefOf(panel),
    onClick: (event: MouseEvent) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
      event.preventDefault();
      openPanel(panel);
    },
  };
}
