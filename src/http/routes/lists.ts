import { Type } from 'typebox';
import { LIST_TYPES } from '../../lists/normalise-list-value.ts';
import {
  addListItems,
  createList,
  listLists,
  listListUses,
  lookUpListItem,
  MD5_TYPE,
  readList,
  removeList,
  removeListItems,
  replaceList,
  VALUES_MAX,
} from '../handlers/lists.ts';
import { about, oneOf } from '../parameters.ts';
import { nameInPath } from '../read-path-parameters.ts';
import { route } from '../route.ts';
import { CLOSED, NAMED, nullable, READ_ONLY, TIME } from '../schemas.ts';

const NAME_CHARACTERS_MAX = 200;
/** Sixty years. */
const TTL_SECONDS_MAX = 1_900_000_000;

const NAME = Type.String({
  pattern: '[A-Za-z0-9_]',
  maxLength: NAME_CHARACTERS_MAX,
  says: `Must be a text of 1 to ${NAME_CHARACTERS_MAX} characters with a letter or digit of ASCII: addresses are made of it.`,
});
const TYPE = Type.Enum([...LIST_TYPES, MD5_TYPE], {
  description:
    'How values are compared: a phone by its international number, a postal code of the United States by its five digits, a contact as a phone or as an e-mail address, everything else trimmed and in lower case. `md5` is a text that is known by its MD5, too.',
});
const TTL = nullable(
  Type.Integer({
    minimum: 1,
    maximum: TTL_SECONDS_MAX,
    says: `Must be a whole number of seconds from 1 to ${TTL_SECONDS_MAX}, or null.`,
  }),
  { description: 'Entries end so many seconds after they were added; null: they stay.' },
);
const ALLOWS_MD5 = Type.Boolean({
  description:
    'A value of 32 hexadecimal digits is the MD5 of one: of the trimmed text in lower case, of the digits of a phone.',
});

const LIST = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    url_name: Type.String({ description: 'Made of the first name; it stays when the name changes.' }),
    type: TYPE,
    allows_md5: ALLOWS_MD5,
    ttl: TTL,
    count: Type.Integer({ description: 'Entries; above 10 000 as of the last count, which is made every hour.' }),
    total_jobs: Type.Integer({ description: 'Imports that were begun.' }),
    created_at: TIME,
    updated_at: TIME,
  },
  { ...CLOSED, $id: 'List' },
);

const NEW_LIST = Type.Object(
  {
    name: NAME,
    type: Type.Optional(TYPE),
    ttl: Type.Optional(TTL),
    allows_md5: Type.Optional(ALLOWS_MD5),
  },
  { ...CLOSED, $id: 'NewList' },
);
const CHANGED_LIST = Type.Object(
  {
    name: NAME,
    ttl: Type.Optional(TTL),
    type: Type.Optional(TYPE),
    allows_md5: Type.Optional(ALLOWS_MD5),
    id: READ_ONLY,
    url_name: READ_ONLY,
    count: READ_ONLY,
    total_jobs: READ_ONLY,
    created_at: READ_ONLY,
    updated_at: READ_ONLY,
  },
  { ...CLOSED, $id: 'ChangedList' },
);

const VALUES = Type.Union(
  [Type.String(), Type.Array(Type.Union([Type.String(), Type.Number()]), { maxItems: VALUES_MAX })],
  {
    says: `Must be a text, values with | between them, or a list of at most ${VALUES_MAX} texts.`,
  },
);

const ENTRY = Type.Object({ list_id: Type.String(), list_url_name: Type.String(), added_at: TIME }, CLOSED);
const ASKED = {
  specified_lists: Type.Array(Type.String()),
  key: Type.String({ description: 'The value as it was asked for.' }),
};
const FOUND = Type.Object(
  {
    ...ASKED,
    found: Type.Literal(true),
    exists_in_lists: Type.Array(Type.String()),
    entries: Type.Array(ENTRY),
  },
  { ...CLOSED, $id: 'ListItemFound' },
);
const NOT_FOUND = Type.Object({ ...ASKED, found: Type.Literal(false) }, { ...CLOSED, $id: 'ListItemNotFound' });

const params = { list: nameInPath('The `url_name` of the list, its name or its id.') };
const lists = { list: nameInPath('The list, or several with | between them: by `url_name`, name or id.') };
const EXAMPLE = {
  id: '57b4c77bf92ea11d7d000001',
  name: 'My List',
  url_name: 'my_list',
  type: 'phone',
  allows_md5: false,
  ttl: null,
  count: 2,
  total_jobs: 0,
  created_at: '2026-03-03T12:00:00.000Z',
  updated_at: '2026-03-03T12:00:00.000Z',
};
const body = { name: 'Another List', type: 'phone', ttl: null };

/** Suppression lists of the account (spec api 19, decision page 0069). */
export const LIST_ROUTES = [
  route({
    name: 'listLists',
    method: 'GET',
    path: '/lists',
    permission: 'lists.read',
    answers: { 200: Type.Array(LIST) },
    doc: { summary: 'The lists of the account, by name.', example: { answer: [EXAMPLE] } },
    handler: listLists,
  }),
  route({
    name: 'createList',
    method: 'POST',
    path: '/lists',
    permission: 'lists.write',
    body: NEW_LIST,
    answers: { 201: LIST, 409: 'conflict', 422: 'invalid_document' },
    doc: {
      summary: 'Makes a list; without a `type` one of texts and MD5s.',
      description: 'A deploy makes the lists that list checks of the flow name, too.',
      example: { body, answer: { ...EXAMPLE, ...body, url_name: 'another_list', count: 0 } },
    },
    handler: createList,
  }),
  route({
    name: 'readList',
    method: 'GET',
    path: '/lists/:list',
    permission: 'lists.read',
    params,
    answers: { 200: LIST, 404: 'not_found' },
    doc: { summary: 'One list.', example: { answer: EXAMPLE } },
    handler: readList,
  }),
  route({
    name: 'replaceList',
    method: 'PUT',
    path: '/lists/:list',
    permission: 'lists.write',
    params,
    body: CHANGED_LIST,
    answers: { 200: LIST, 404: 'not_found', 409: 'conflict', 422: 'invalid_document' },
    doc: {
      summary: 'Renames a list, or changes its TTL.',
      description:
        'The list is found by its new name and by its first one. Its type and whether it allows MD5s stay: its values were hashed by them. Another TTL holds for entries that are there, too.',
      example: {
        body: { name: 'Renamed List', ttl: 86_400 },
        answer: { ...EXAMPLE, name: 'Renamed List', ttl: 86_400 },
      },
    },
    handler: replaceList,
  }),
  route({
    name: 'removeList',
    method: 'DELETE',
    path: '/lists/:list',
    permission: 'lists.write',
    params,
    answers: { 200: LIST, 404: 'not_found', 409: 'conflict' },
    doc: {
      summary: 'Deletes a list with its entries, unless a flow checks it, as saved or as it runs.',
      example: { answer: EXAMPLE },
    },
    handler: removeList,
  }),
  route({
    name: 'listListUses',
    method: 'GET',
    path: '/lists/:list/uses',
    permission: 'lists.read',
    params,
    answers: { 200: Type.Array(NAMED), 404: 'not_found' },
    doc: {
      summary: 'The flows that check the list, as they are saved or as they run.',
      example: { answer: [{ id: '67c59a40aaaaaaaaaaaaaaaa', name: 'Mortgage' }] },
    },
    handler: listListUses,
  }),
  route({
    name: 'addListItems',
    method: 'POST',
    path: '/lists/:list/items',
    permission: 'lists.write',
    params: lists,
    query: {
      only_new: about('A value that is on a list stays as it is, and counts as rejected.', oneOf(['true', 'false'])),
    },
    body: Type.Object(
      {
        values: VALUES,
        timestamp: Type.Optional(
          Type.String({ description: 'When they were added, ISO 8601, not later than now; absent: now.' }),
        ),
      },
      CLOSED,
    ),
    answers: {
      200: Type.Object({ accepted: Type.Integer(), rejected: Type.Integer() }, CLOSED),
      404: 'not_found',
      422: 'invalid_document',
    },
    doc: {
      summary: 'Enters values; those that are on the list are added again.',
      description:
        'A value that does not fit the type of the list, such as a text on a list of phones, is rejected. A value counts as accepted when one of the lists took it.',
      example: { body: { values: ['test@email.com'] }, answer: { accepted: 1, rejected: 0 } },
    },
    handler: addListItems,
  }),
  route({
    name: 'removeListItems',
    method: 'DELETE',
    path: '/lists/:list/items',
    permission: 'lists.write',
    params: lists,
    deletesByBody: true,
    body: Type.Object({ values: VALUES }, CLOSED),
    answers: {
      200: Type.Object({ deleted: Type.Integer(), rejected: Type.Integer() }, CLOSED),
      404: 'not_found',
      422: 'invalid_document',
    },
    doc: {
      summary: 'Takes values off a list; those that are on none of the lists are counted as rejected.',
      example: { body: { values: ['test@email.com'] }, answer: { deleted: 1, rejected: 0 } },
    },
    handler: removeListItems,
  }),
  route({
    name: 'lookUpListItem',
    method: 'GET',
    path: '/exists/:list/:value',
    permission: 'lists.read',
    params: { ...lists, value: nameInPath('The value, or where the list allows it the MD5 of it.') },
    answers: { 200: FOUND, 404: 'not_found' },
    absence: NOT_FOUND,
    doc: {
      summary: 'Is the value on one of the lists? 200 when it is, 404 with `"found": false` when it is on none.',
      example: {
        answer: {
          specified_lists: ['my_list'],
          key: 'test@email.com',
          found: true,
          exists_in_lists: ['my_list'],
          entries: [
            { list_id: '57b4c77bf92ea11d7d000001', list_url_name: 'my_list', added_at: '2018-10-08T11:01:32Z' },
          ],
        },
      },
    },
    handler: lookUpListItem,
  }),
] as const;
