import { CodeBlock } from '../../parts/CodeBlock.tsx';

/** A part of the document as it is, to read. */
export function RawPart({ value }: { value: unknown }) {
  return <CodeBlock code={value === undefined ? 'null' : JSON.stringify(value, null, 2)} label="This part as JSON" />;
}
