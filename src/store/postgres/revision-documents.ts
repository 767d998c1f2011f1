import type pg from 'pg';
import type { JsonObject } from '../../flows/flow-json.ts';
import { assert } from '../../lib/assert.ts';
import { parseJsonInSlices } from '../../lib/parse-json-in-slices.ts';
import { finishOrSlice, type RunSliced } from '../../lib/slices.ts';
import { stringifyInSlices } from '../../lib/stringify-in-slices.ts';

/** One saved revision; its document never changes. */
export interface RevisionKey {
  accountId: string;
  flowId: string;
  revision: number;
}

/**
 * The documents of revisions. The driver would parse a document in one piece, 55 ms for 4 MiB; here it comes as text and
 * is parsed in slices. The last ones are kept, so that a flow that is saved, deployed and compiled is parsed once.
 */
export interface RevisionDocuments {
  /** null: there is no such revision. */
  read(db: Pick<pg.ClientBase, 'query'>, key: RevisionKey): Promise<JsonObject | null>;
  /** Parses the text of a document that was read with others, without keeping it. */
  parse(text: string): Promise<JsonObject>;
  /** The text of a document that is to be stored, written in slices. */
  write(document: JsonObject): Promise<string>;
  /** Keeps a document that was written here and whose revision is committed. */
  keep(key: RevisionKey, document: JsonObject): void;
}

/** Of JSON, of which the objects take some five times as much: three flows of the largest size, hundreds of usual ones. */
const CHARACTERS_MAX = 16 * 1024 * 1024;
/** Documents nest 128 deep at most, and ours were read when they were saved. */
const LEVELS_MAX = 1_000;

export function createRevisionDocuments(runSliced: RunSliced): RevisionDocuments {
  /** The one used last at the end. */
  const kept = new Map<string, { document: JsonObject; characters: number }>();
  /** Of the texts that documents were read from or written to. */
  const lengths = new WeakMap<JsonObject, number>();
  let characters = 0;

  function keep(key: RevisionKey, document: JsonObject): void {
    const length = lengths.get(document);
    if (length === undefined) return;
    const name = nameOf(key);
    drop(name);
    kept.set(name, { document, characters: length });
    characters += length;
    for (const oldest of kept.keys()) {
      if (characters <= CHARACTERS_MAX) break;
      drop(oldest);
    }
  }

  function drop(name: string): void {
    characters -= kept.get(name)?.characters ?? 0;
    kept.delete(name);
  }

  async function parse(text: string): Promise<JsonObject> {
    const parsed = await finishOrSlice(parseJsonInSlices(text, { levelsMax: LEVELS_MAX }), runSliced);
    assert(parsed.ok, 'a document of the database is JSON');
    // An edge: only objects are saved.
    return parsed.value as JsonObject;
  }

  return {
    async read(db, key) {
      const known = kept.get(nameOf(key));
      if (known) {
        keep(key, known.document);
        return known.document;
      }
      const text = await readText(db, key);
      if (text === null) return null;
      const document = await parse(text);
      lengths.set(document, text.length);
      keep(key, document);
      return document;
    },
    parse,
    async write(document) {
      const text = await finishOrSlice(stringifyInSlices(document), runSliced);
      lengths.set(document, text.length);
      return text;
    },
    keep,
  };
}

function nameOf({ accountId, flowId, revision }: RevisionKey): string {
  return `${accountId}/${flowId}/${revision}`;
}

/** By primary key. */
async function readText(db: Pick<pg.ClientBase, 'query'>, key: RevisionKey): Promise<string | null> {
  const { rows } = await db.query<{ document: string }>(
    'select document::text as document from flow_revisions where account_id = $1 and flow_id = $2 and revision = $3',
    [key.accountId, key.flowId, key.revision],
  );
  return rows[0]?.document ?? null;
}
