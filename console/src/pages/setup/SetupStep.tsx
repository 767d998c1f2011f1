import { Title } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './SetupStep.module.css';

export function SetupStep({
  number,
  title,
  isDone,
  children,
}: {
  number: number;
  title: string;
  isDone: boolean;
  children: ReactNode;
}) {
  return (
    <li className={classes['step']}>
      <span className={classes['mark']} data-done={isDone}>
        {isDone ? <IconCheck size={16} aria-label="Done" role="img" /> : <span aria-hidden>{number}</span>}
      </span>
      <div className={classes['content']}>
        <Title order={2} mb="xs">
          {title}
        </Title>
        {children}
      </div>
    </li>
  );
}
