import { Alert } from '@mantine/core';
import { Children, type ReactNode } from 'react';
import { Sentence } from './Sentence.tsx';

/** What failed, beside what it failed for; read out at once. Texts are sentences of the API. */
export function FaultAlert({ title, children }: { title?: string; children?: ReactNode }) {
  return (
    <Alert
      variant="outline"
      role="alert"
      vars={listColors}
      {...(title !== undefined && { title: <Sentence text={title} /> })}
    >
      {Children.map(children, (child) => (typeof child === 'string' ? <Sentence text={child} /> : child))}
    </Alert>
  );
}

/** Mantine's red has too little contrast for text. */
const listColors = () => ({
  root: { '--alert-color': 'var(--failure)', '--alert-bd': '1px solid var(--failure)', '--alert-bg': 'transparent' },
});
