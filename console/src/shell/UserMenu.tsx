import { ActionIcon } from '@mantine/core';
import { IconUserCircle } from '@tabler/icons-react';
import { type ComponentProps, lazy, Suspense, useState } from 'react';
import { useSession } from '../api/use-session.ts';

const load = () => import('./UserMenuContent.tsx').then(({ UserMenuContent }) => ({ default: UserMenuContent }));
const UserMenuContent = lazy(load);

/** Who is signed in and as what; theme, keys, sign out. What a menu is made of is loaded when it is wanted. */
export function UserMenu({ showKeys }: { showKeys: () => void }) {
  const [isWanted, setWanted] = useState(false);
  const button = <UserButton onClick={() => setWanted(true)} onPointerEnter={load} onFocus={load} />;
  return isWanted ? (
    <Suspense fallback={button}>
      <UserMenuContent showKeys={showKeys} />
    </Suspense>
  ) : (
    button
  );
}

export function UserButton(given: ComponentProps<typeof ActionIcon<'button'>>) {
  const { user } = useSession();
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      c="dimmed"
      size={32}
      aria-label={`You: ${nameUser(user)}`}
      aria-haspopup="menu"
      {...given}
    >
      <IconUserCircle size={20} aria-hidden />
    </ActionIcon>
  );
}

export function nameUser({ first_name: first, last_name: last, email }: ReturnType<typeof useSession>['user']): string {
  return [first, last].filter((each) => each !== '').join(' ') || email;
}
