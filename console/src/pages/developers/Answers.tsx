import { Text, Title } from '@mantine/core';
import { ScrollSideways } from '../../parts/ScrollSideways.tsx';
import { ContentView } from './BodyView.tsx';
import { DocLink } from './DocLink.tsx';
import classes from './developers.module.css';
import { Prose } from './Prose.tsx';
import type { Answer, Failure, Schemas } from './read-reference.ts';

/** One answer that is no error. */
export function AnswerView({ answer: { status, text, contents }, schemas }: { answer: Answer; schemas: Schemas }) {
  return (
    <section className={classes['part']} aria-label={`Answer ${status}`}>
      <Title order={4}>
        {status} <span className={classes['said']}>{text.includes('`') ? <Prose text={text} /> : text}</span>
      </Title>
      {contents.length === 0 ? (
        <Text c="dimmed" size="sm">
          It has no body.
        </Text>
      ) : (
        <ContentView contents={contents} schemas={schemas} label={`Answer ${status}`} />
      )}
    </section>
  );
}

/** Each error that it may answer, with the sentence of an example. */
export function FailureTable({ answers }: { answers: readonly Answer[] }) {
  return (
    <>
      <ScrollSideways label="Errors">
        <table className={classes['schema']} data-errors>
          <thead>
            <tr>
              <th scope="col">Status</th>
              <th scope="col">Code</th>
              <th scope="col">What it says, for example</th>
            </tr>
          </thead>
          <tbody>{answers.flatMap(listRows)}</tbody>
        </table>
      </ScrollSideways>
      <Text c="dimmed" size="sm">
        Codes are stable (<DocLink to="/docs/reference/errors">all of them</DocLink>). Sentences are for people and may
        change.
      </Text>
    </>
  );
}

function listRows({ status, text, failures }: Answer) {
  if (failures.length === 0)
    return [
      <tr key={status}>
        <th scope="row">{status}</th>
        <td colSpan={2}>{text}</td>
      </tr>,
    ];
  return failures.map((failure) => (
    <tr key={`${status} ${failure.code} ${failure.type}`}>
      <th scope="row">{status}</th>
      <td>
        <code>{failure.code}</code>
      </td>
      <td>
        <FailureBody failure={failure} />
      </td>
    </tr>
  ));
}

/** The sentence alone where the body has no more than it and the code. */
function FailureBody({ failure: { body, type } }: { failure: Failure }) {
  if (typeof body !== 'object' || body === null)
    return (
      <p>
        {String(body ?? 'Nothing.')} <span className={classes['dim']}>({type})</span>
      </p>
    );
  const { error, code: _, ...others } = body as Record<string, unknown>; // a body of an error, as JSON
  return (
    <>
      {typeof error === 'string' && <p>{error}</p>}
      {Object.keys(others).length > 0 && (
        <details className={classes['body']}>
          <summary>The whole body</summary>
          <pre>{JSON.stringify(body, null, 2)}</pre>
        </details>
      )}
    </>
  );
}
