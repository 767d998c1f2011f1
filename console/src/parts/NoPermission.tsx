import { EmptyState } from './EmptyState.tsx';

/** In the place of what the role of the person may not do: which permission it takes, and who gives it. */
export function NoPermission({ what, permission }: { what: string; permission: string }) {
  return (
    <EmptyState
      title={`You may not see ${what}`}
      text={`Your role lacks the permission ${permission}. An owner can give you another role.`}
    />
  );
}
