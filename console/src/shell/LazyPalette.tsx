import { spotlight } from '@mantine/spotlight';

export { Palette as default } from './Palette.tsx';

export function openPalette(): void {
  spotlight.open();
}
