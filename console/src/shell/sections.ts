import {
  IconAlertTriangle,
  IconBooks,
  IconBuildingStore,
  IconCode,
  IconGauge,
  IconHome,
  IconListDetails,
  IconReportAnalytics,
  IconRoute,
  IconSettings,
  IconStack2,
  IconUsers,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { ProblemBadge } from './ProblemBadge.tsx';

export interface Section {
  to: string;
  label: string;
  icon: ComponentType<{ size: number; 'aria-hidden'?: boolean }>;
  /** After `g`, it goes there. */
  key: string;
  /** Without it the section is not shown. */
  permission?: string;
  /** Where other pages of it are. */
  also?: readonly string[];
  /** Shown at its end, such as a count. */
  badge?: ComponentType;
}

/** The rail, the palette and the keys: where each section begins. */
export const SECTIONS: readonly Section[] = [
  { to: '/', label: 'Home', icon: IconHome, key: 'h' },
  { to: '/flows', label: 'Flows', icon: IconRoute, key: 'f', permission: 'flows.read' },
  { to: '/leads', label: 'Leads', icon: IconUsers, key: 'l', permission: 'leads.read' },
  { to: '/events', label: 'Events', icon: IconListDetails, key: 'e', permission: 'leads.read' },
  {
    ...{ to: '/problems', label: 'Problems', icon: IconAlertTriangle, key: 'p', permission: 'leads.read' },
    ...{ also: ['/retries', '/unknowns'], badge: ProblemBadge },
  },
  { to: '/caps', label: 'Caps', icon: IconGauge, key: 'c', permission: 'flows.read' },
  {
    ...{ to: '/recipients', label: 'Partners', icon: IconBuildingStore, key: 't', permission: 'reports.read' },
    also: ['/sources'],
  },
  { to: '/reports', label: 'Reports', icon: IconReportAnalytics, key: 'r', permission: 'reports.read' },
  {
    ...{ to: '/lists', label: 'Library', icon: IconBooks, key: 'b' },
    also: ['/fields', '/credentials', '/entities', '/pricing-services', '/integrations', '/batches'],
  },
  { to: '/jobs', label: 'Jobs', icon: IconStack2, key: 'j', permission: 'jobs.read', also: ['/exports', '/import'] },
  { to: '/developers', label: 'Developers', icon: IconCode, key: 'd' },
  {
    ...{ to: '/settings/profile', label: 'Settings', icon: IconSettings, key: 's' },
    also: ['/settings', '/activity'],
  },
];
