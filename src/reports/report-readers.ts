import { ROLES, type Role } from '../access/roles.ts';
import { readsPersonalValues } from './answer-statistics.ts';
import { statisticsOf } from './read-report.ts';
import type { ReportDefinition } from './report.ts';

/** May users with the role see what the report returns? */
export function mayReadReport(role: Role, definition: ReportDefinition): boolean {
  const permissions: readonly string[] = ROLES[role].permissions;
  const isPersonal = readsPersonalValues(statisticsOf(definition));
  return permissions.includes('reports.read') && (!isPersonal || permissions.includes('personal_data.read'));
}
