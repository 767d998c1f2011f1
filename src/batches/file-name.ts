import { DateTime } from 'luxon';

/** What a template of a file name may have. */
export const FILE_NAME_PARTS = ['{batch}', '{date}', '{time}', '{id}'] as const;

/** Characters that file systems, mail and object stores all take. */
const REFUSED = /[^\p{L}\p{N} ._()-]/gu;
/** UTF-8, without the ending: file systems take 255, and an upload has a longer name until it is complete. */
const NAME_BYTES_MAX = 200;
/** The ending with it. */
export const FILE_NAME_BYTES_MAX = NAME_BYTES_MAX + 4;

/** Why a template makes no file name; undefined: it does. */
export function findFileNameProblem(template: string): string | undefined {
  const known: readonly string[] = FILE_NAME_PARTS;
  const unknown = (template.match(/\{[^{}]*\}/g) ?? []).find((part) => !known.includes(part));
  if (unknown !== undefined) return `There is no ${unknown}: write ${FILE_NAME_PARTS.join(', ')}.`;
  if (/[/\\]/.test(template)) return 'Must be a name without a folder; the folder is part of the target.';
  if (!template.includes('{id}')) return 'Must have {id}, so that a file never replaces another one.';
  return undefined;
}

/**
 * The name of a file; the same for the same file, and another one for every other file: two files of one second must not
 * replace each other. `date` and `time` are those of the zone in which the batch runs.
 */
export function buildFileName(
  template: string,
  file: { batch: string; id: string; at: number; zone: string; extension: string },
): string {
  const local = DateTime.fromMillis(file.at, { zone: file.zone });
  const filled = template
    .replaceAll('{batch}', () => file.batch)
    .replaceAll('{date}', local.toFormat('yyyy-MM-dd'))
    .replaceAll('{time}', local.toFormat('HHmmss'))
    .replaceAll('{id}', file.id)
    .replace(REFUSED, '_');
  const isShort = Buffer.byteLength(filled) <= NAME_BYTES_MAX;
  // A template that was saved when {id} was no duty has none.
  const name =
    isShort && filled.includes(file.id)
      ? filled
      : `${cutBytes(filled, NAME_BYTES_MAX - file.id.length - 1)} ${file.id}`;
  const base = name.toLowerCase().endsWith(`.${file.extension}`) ? name.slice(0, -file.extension.length - 1) : name;
  return `${base}.${file.extension}`;
}

function cutBytes(text: string, bytesMax: number): string {
  // Half a character at the end becomes a replacement character, which a name cannot have otherwise.
  return Buffer.from(text)
    .subarray(0, bytesMax)
    .toString('utf8')
    .replace(/\uFFFD+$/, '');
}
