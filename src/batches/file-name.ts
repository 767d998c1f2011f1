import { DateTime } from 'luxon';

/** What a template of a file name may have. */
export const FILE_NAME_PARTS = ['{batch}', '{date}', '{time}', '{id}'] as const;

/** Characters that file systems, mail and object stores all take. */
const REFUSED = /[^\p{L}\p{N} ._()-]/gu;
const NAME_CHARACTERS_MAX = 200;

/** Why a template makes no file name; undefined: it does. */
export function findFileNameProblem(template: string): string | undefined {
  const known: readonly string[] = FILE_NAME_PARTS;
  const unknown = (template.match(/\{[^{}]*\}/g) ?? []).find((part) => !known.includes(part));
  if (unknown !== undefined) return `There is no ${unknown}: write ${FILE_NAME_PARTS.join(', ')}.`;
  if (/[/\\]/.test(template)) return 'Must be a name without a folder; the folder is part of the target.';
  if (!template.includes('{id}') && !(template.includes('{date}') && template.includes('{time}')))
    return 'Must have {id}, or {date} and {time}, so that a file does not replace the one before it.';
  return undefined;
}

/** The name of a file; the same for the same file. `date` and `time` are those of the zone in which the batch runs. */
export function buildFileName(
  template: string,
  file: { batch: string; id: string; at: number; zone: string; extension: string },
): string {
  const local = DateTime.fromMillis(file.at, { zone: file.zone });
  const name = template
    .replaceAll('{batch}', file.batch)
    .replaceAll('{date}', local.toFormat('yyyy-MM-dd'))
    .replaceAll('{time}', local.toFormat('HHmmss'))
    .replaceAll('{id}', file.id)
    .replace(REFUSED, '_')
    .slice(0, NAME_CHARACTERS_MAX);
  const base = name.toLowerCase().endsWith(`.${file.extension}`) ? name.slice(0, -file.extension.length - 1) : name;
  return `${base}.${file.extension}`;
}
