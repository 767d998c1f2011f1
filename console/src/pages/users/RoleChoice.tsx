import { Radio, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type Role, rolesQuery } from '../../api/people.ts';
import { useSession } from '../../api/use-session.ts';

/** The roles in words. Nobody gives more than they may do themselves. */
export function RoleChoice({ value, onChange }: { value: Role; onChange(role: Role): void }) {
  const { data } = useQuery(rolesQuery);
  const { permissions: own } = useSession();
  const roles = data?.roles ?? [];
  return (
    <Radio.Group
      label="Role"
      value={value}
      onChange={(name) => {
        const role = roles.find((each) => each.name === name);
        if (role) onChange(role.name);
      }}
    >
      <Stack gap="sm" mt="xs">
        {roles.map(({ name, label, does, permissions }) => {
          const isBeyond = permissions.some((each) => !own.includes(each));
          return (
            <Radio
              key={name}
              value={name}
              label={label}
              description={isBeyond ? `${does} It may do more than you, so you cannot give it.` : does}
              disabled={isBeyond}
            />
          );
        })}
      </Stack>
    </Radio.Group>
  );
}
