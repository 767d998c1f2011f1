import { useDocumentTitle } from '@mantine/hooks';

/** `thing · section · Sluice`. No value of a lead goes in: titles stay in histories. */
export function useTitle(...parts: string[]): void {
  useDocumentTitle([...parts, 'Sluice'].join(' · '));
}
