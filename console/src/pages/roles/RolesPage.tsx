import { Code } from '@mantine/core';
import { IconCheck, IconMinus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type RoleList, rolesQuery } from '../../api/people.ts';
import { type Column, DataTable } from '../../parts/DataTable.tsx';
import { ErrorState } from '../../parts/ErrorState.tsx';
import { Facts } from '../../parts/Facts.tsx';
import { PageHeader } from '../../parts/PageHeader.tsx';
import { TableSkeleton } from '../../parts/TableSkeleton.tsx';
import { useTitle } from '../../parts/use-title.ts';
import { SettingsTabs } from '../settings/SettingsTabs.tsx';
import classes from './roles.module.css';

/** What each role may do, for everybody who is signed in. */
export function RolesPage() {
  useTitle('Roles', 'Settings');
  const { data, error, refetch } = useQuery(rolesQuery);
  return (
    <>
      <PageHeader
        title="Roles"
        text="What each role may do. A user has one; an API key has one or permissions of its own."
      />
      <SettingsTabs />
      {data ? (
        <Matrix {...data} />
      ) : error ? (
        <ErrorState error={error} reset={() => void refetch()} />
      ) : (
        <TableSkeleton rows={20} />
      )}
    </>
  );
}

type Permission = RoleList['permissions'][number];

function Matrix({ roles, permissions }: RoleList) {
  const columns: readonly Column<Permission>[] = [
    { key: 'name', header: 'Permission', cell: ({ name }) => <Code>{name}</Code> },
    ...roles.map(({ name: role, label, permissions: given }) => ({
      key: role,
      header: label,
      // In a box, so that a phone says the role before it: a mark by itself says what it is.
      cell: ({ name }: Permission) => (
        <div>
          <Mark isGiven={given.includes(name)} />
        </div>
      ),
    })),
    { key: 'opens', header: 'What it allows', wraps: 'wide', cell: ({ opens }) => opens.replaceAll('`', '') },
  ];
  return (
    <>
      <div className={classes['roles']}>
        <Facts facts={roles.map(({ label, does }) => [label, does] as const)} />
      </div>
      <DataTable caption="Permissions of roles" columns={columns} rows={permissions} getKey={({ name }) => name} />
    </>
  );
}

function Mark({ isGiven }: { isGiven: boolean }) {
  const Icon = isGiven ? IconCheck : IconMinus;
  return (
    <span className={classes['mark']} data-given={isGiven}>
      <Icon size={14} aria-hidden />
      {isGiven ? 'Yes' : 'No'}
    </span>
  );
}
