import { Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { memo, type ReactNode, type RefObject, useMemo } from 'react';
import { rolesQuery } from '../../api/people.ts';
import { useSession } from '../../api/use-session.ts';
import { CodeBlock } from '../../parts/CodeBlock.tsx';
import { CopyButton } from '../../parts/CopyButton.tsx';
import { Facts } from '../../parts/Facts.tsx';
import { AnswerView, FailureTable } from './Answers.tsx';
import { BodyView } from './BodyView.tsx';
import { buildCommand } from './build-command.ts';
import classes from './developers.module.css';
import { listParameterRows } from './list-schema-rows.ts';
import { Prose } from './Prose.tsx';
import type { Operation, Schemas } from './read-reference.ts';
import { SchemaTable } from './SchemaTable.tsx';

interface OperationViewProps {
  operation: Operation;
  schemas: Schemas;
  /** Takes the focus once a person has chosen the operation. */
  heading: RefObject<HTMLHeadingElement | null>;
}

/** Everything that the document says of one operation; typing in the list leaves it alone. */
export const OperationView = memo(function OperationView({ operation, schemas, heading }: OperationViewProps) {
  const { method, path, summary, description, parameters, body, answers } = operation;
  const successes = answers.filter(({ status }) => status < '400');
  const command = buildCommand(operation, window.location.origin);
  const rows = useMemo(() => listParameterRows(parameters, schemas), [parameters, schemas]);
  const places = new Map(parameters.map(({ name, in: place }) => [name, place]));
  return (
    <article className={classes['operation']} aria-labelledby="operation">
      <Title order={2} id="operation" tabIndex={-1} ref={heading}>
        <Prose text={summary} />
      </Title>
      <p className={classes['address']}>
        <span className={classes['route']}>
          <b>{method}</b> {path}
        </span>
        <CopyButton text={path} label="Copy the path" />
      </p>
      {description !== undefined && (
        <Text maw="75ch">
          <Prose text={description} />
        </Text>
      )}
      <Rights operation={operation} />
      <Part title="Example request">
        <CodeBlock code={command.text} label={`curl ${method} ${path}`} />
        <Hints operation={operation} blanks={command.blanks} />
      </Part>
      {rows.length > 0 && (
        <Part title="Parameters">
          <SchemaTable label="Parameters" noun="Parameter" rows={rows} placeOf={({ name }) => places.get(name) ?? ''} />
        </Part>
      )}
      {body !== undefined && (
        <Part title={body.isRequired ? 'Body' : 'Body (may be left out)'}>
          <BodyView contents={body.contents} schemas={schemas} />
        </Part>
      )}
      <Part title="Answers">
        {successes.map((answer) => (
          <AnswerView key={answer.status} answer={answer} schemas={schemas} />
        ))}
      </Part>
      <Part title="Errors">
        <FailureTable answers={answers.filter(({ status }) => status >= '400')} />
      </Part>
    </article>
  );
});

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={classes['part']} aria-label={title}>
      <Title order={3}>{title}</Title>
      {children}
    </section>
  );
}

/** Who may ask, and how the client calls it. */
function Rights({ operation }: { operation: Operation }) {
  const { permission, name, path, body, parameters } = operation;
  const { data } = useQuery(rolesQuery);
  const roles = (data?.roles ?? []).filter(({ permissions }) => permissions.some((each) => each === permission));
  const params = [...path.matchAll(/\{(\w+)\}/g)].map(([, param = '']) => param);
  const hasQuery = parameters.some(({ in: place }) => place === 'query');
  const given = [...params, ...(body === undefined ? [] : ['body']), ...(hasQuery ? ['query'] : [])];
  return (
    <Facts
      facts={[
        ['Permission', <Permission key="permission" permission={permission} />],
        ...(roles.length > 0 ? [['Roles that have it', roles.map((role) => role.name).join(', ')] as const] : []),
        ['Operation', <code key="name">{name}</code>],
        ['In the client', <code key="call">{`client.${name}(${given.join(', ')})`}</code>],
      ]}
    />
  );
}

function Permission({ permission }: { permission: string }) {
  const { permissions } = useSession();
  if (permission === 'public') return 'None: no API key and no session is asked for';
  if (permission === 'session') return 'A person who is signed in; an API key is no person';
  return (
    <>
      <code>{permission}</code> {permissions.some((each) => each === permission) ? '(you have it)' : '(you lack it)'}
    </>
  );
}

/** What the command needs before it runs. */
function Hints({ operation: { permission, method }, blanks }: { operation: Operation; blanks: readonly string[] }) {
  const isOfKey = permission !== 'public' && permission !== 'session';
  return (
    <Text c="dimmed" size="sm" maw="75ch">
      {isOfKey && (
        <>
          <code>$KEY</code> is an API key with this permission.{' '}
        </>
      )}
      {permission === 'session' && (
        <>
          <code>cookies.txt</code> has the cookie that <code>POST /session</code> sets
          {method !== 'GET' && (
            <>
              , <code>$CSRF</code> the <code>csrf_token</code> of its answer
            </>
          )}
          .{' '}
        </>
      )}
      {blanks.length > 0 && (
        <>
          Write your own for{' '}
          {blanks.map((blank, index) => (
            <span key={blank}>
              {index > 0 && ', '}
              <code>{blank}</code>
            </span>
          ))}
          .
        </>
      )}
    </Text>
  );
}
