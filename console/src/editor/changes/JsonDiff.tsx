import { useMemo } from 'react';
import { redactSecrets } from '../../../../src/access/redact-secrets.ts';
import styles from './changes.module.css';
import { diffLines, type LineGap, type LinePair } from './diff-lines.ts';
import { toPlainDocument } from './plain-document.ts';
import { writeJson } from './write-json.ts';

/** Lines that a browser shows without effort; what is beyond is counted. */
const LINES_MAX = 2_000;

/** Two documents as JSON beside each other, line by line, without secrets. */
export function JsonDiff(given: { before: unknown; after: unknown; names: { before: string; after: string } }) {
  const { before, after, names } = given;
  const lines = useMemo(() => diffLines(writePlain(before), writePlain(after)), [before, after]);
  const shown = lines.slice(0, LINES_MAX);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard (WCAG 2.1.1)
    <section className={styles['json']} tabIndex={0} aria-label="The same as JSON">
      <table>
        <colgroup>
          <col className={styles['number'] ?? ''} />
          <col />
          <col className={styles['number'] ?? ''} />
          <col />
        </colgroup>
        <thead>
          <tr>
            <th scope="col" colSpan={2}>
              {names.before}
            </th>
            <th scope="col" colSpan={2}>
              {names.after}
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines never move
            <Line key={index} line={line} />
          ))}
        </tbody>
      </table>
      {lines.length > shown.length && <p>{lines.length - shown.length} further lines are not shown.</p>}
    </section>
  );
}

function Line({ line }: { line: LinePair | LineGap }) {
  if ('equal' in line)
    return (
      <tr data-kind="gap">
        <td colSpan={4}>{line.equal === 1 ? '1 equal line' : `${line.equal} equal lines`}</td>
      </tr>
    );
  const isEqual = line.left?.text === line.right?.text;
  return (
    <tr>
      <Half line={line.left} {...(!isEqual && line.left && { mark: '−' as const })} />
      <Half line={line.right} {...(!isEqual && line.right && { mark: '+' as const })} />
    </tr>
  );
}

function Half({ line, mark }: { line: LinePair['left']; mark?: '−' | '+' }) {
  return (
    <>
      <td data-number>{line?.number}</td>
      <td data-mark={mark}>
        {mark && <span aria-hidden>{mark} </span>}
        {line?.text}
      </td>
    </>
  );
}

function writePlain(document: unknown): string {
  return writeJson(redactSecrets(toPlainDocument(document)));
}
