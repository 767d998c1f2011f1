import { ACTIVITY_ACTIONS, ACTIVITY_KINDS } from '../access/activity.ts';
import { about, endOfTime, id, integer, list, listOf, oneOf, type ParametersOf, startOfTime } from './parameters.ts';

/** The parameter that picks kinds has the name of the property: `kind` in the log, `type` in changelogs. */
const KINDS = about('Only changes of these.', listOf(ACTIVITY_KINDS));

const CURSOR = {
  after_id: about('Only entries newer than this one.', id()),
  before_id: about('Only entries older than this one.', id()),
  start: about('Only entries from then on: a date or time, UTC unless it has a zone.', startOfTime()),
  end: about('Only entries until then; a date is its whole day.', endOfTime()),
};

/** Entries of a page. */
export const ACTIVITY_LIMIT_DEFAULT = 100;
/** Each reads two whole documents, so a page is short. */
export const CHANGELOG_LIMIT_DEFAULT = 20;
const ACTIVITY_LIMIT_MAX = 1_000;
const CHANGELOG_LIMIT_MAX = 100;

const SUBJECT = about('Only changes of these flows, fields, keys ….', list());

function describePage({ byDefault, max }: { byDefault: number; max: number }) {
  return {
    limit: about(`Entries of a page; ${byDefault} unless given.`, integer({ min: 1, max })),
    sort: about('By age; `desc`, the newest first, unless given.', oneOf(['asc', 'desc'])),
  };
}

/** Of `GET /activity`. */
export const ACTIVITY_PARAMETERS = {
  ...CURSOR,
  kind: KINDS,
  action: about('Only these changes.', listOf(ACTIVITY_ACTIONS)),
  actor_id: about('Only changes by these keys or users.', list()),
  subject_id: SUBJECT,
  ...describePage({ byDefault: ACTIVITY_LIMIT_DEFAULT, max: ACTIVITY_LIMIT_MAX }),
};

/** Of `GET /changelogs`: the same log. */
export const CHANGELOG_PARAMETERS = {
  ...CURSOR,
  type: KINDS,
  subject_id: SUBJECT,
  ...describePage({ byDefault: CHANGELOG_LIMIT_DEFAULT, max: CHANGELOG_LIMIT_MAX }),
};

export type ActivityQuestion = ParametersOf<typeof ACTIVITY_PARAMETERS>;
export type ChangelogQuestion = ParametersOf<typeof CHANGELOG_PARAMETERS>;
