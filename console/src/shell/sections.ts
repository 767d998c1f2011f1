import { IconHome } from '@tabler/icons-react';
import type { ComponentType } from 'react';

export interface Section {
  to: string;
  label: string;
  icon: ComponentType<{ size: number; 'aria-hidden'?: boolean }>;
  /** After `g`, it goes there. */
  key: string;
  /** Without it the section is not shown. */
  permission?: string;
}

/** The rail, the palette and the keys: where each section begins. */
export const SECTIONS: readonly Section[] = [{ to: '/', label: 'Home', icon: IconHome, key: 'h' }];
