import { Title } from '@mantine/core';
import { useTitle } from '../../parts/use-title.ts';

export function HomePage() {
  useTitle('Home');
  return <Title order={1}>Home</Title>;
}
