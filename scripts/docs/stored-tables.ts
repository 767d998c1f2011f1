import { STORED_JSON } from '../../src/stored/documents.ts';
import { EVENT_KINDS } from '../../src/stored/event-facts.ts';
import { code, table } from './markdown.ts';

/** Every column of JSON, for ARCHITECTURE.md. */
export function storedJsonTable(): string {
  const rows = STORED_JSON.map(({ column, what, version, writtenBy, readBy }) => [
    code(column),
    what,
    version === null ? 'none' : String(version),
    link(writtenBy),
    writtenBy === readBy ? 'the same' : link(readBy),
  ]);
  return table(['Column', 'What it holds', 'Version', 'Written by', 'Read by'], rows);
}

/** Every kind of event. */
export function eventKindTable(): string {
  const rows = EVENT_KINDS.map(({ name, type, build, what }) => [
    name,
    code(type),
    what,
    build === null ? 'no facts' : code(build.name),
  ]);
  return table(['Kind', 'Type', 'What happened', 'Facts built by'], rows);
}

function link(file: string): string {
  return `[\`${file}\`](src/${file})`;
}
