import { Type } from 'typebox';
import { CONTACT_CHARACTERS_MAX, POSTING_LINKS_MAX } from '../../posting/posting-link.ts';
import {
  createPostingLink,
  listPostingLinks,
  replacePostingLink,
  revokePostingLink,
} from '../handlers/posting-links.ts';
import { idInPath, nameInPath } from '../read-path-parameters.ts';
import { route } from '../route.ts';
import { CLOSED, nullable, READ_ONLY, TIME } from '../schemas.ts';

const SETTINGS = {
  shows_caps: 'Shows the caps of the flow and the source that count leads.',
  shows_prices: 'Shows prices, and caps of dollars with `shows_caps`.',
  hides_rules: 'Shows no rules, only how many there are, and which parameters are required.',
  allows_live_tests: 'Offers a button that posts a real lead, where the source needs no key.',
} as const;

const switchOf = (name: keyof typeof SETTINGS) => Type.Boolean({ description: SETTINGS[name] });

const GIVEN = Type.Object(
  {
    id: READ_ONLY,
    flow_id: READ_ONLY,
    source_id: READ_ONLY,
    url: READ_ONLY,
    contact: Type.Optional(
      nullable(Type.String({ maxLength: CONTACT_CHARACTERS_MAX }), {
        description: 'Whom vendors ask, such as a name with an e-mail address; null: nobody is named.',
      }),
    ),
    shows_caps: Type.Optional(switchOf('shows_caps')),
    shows_prices: Type.Optional(switchOf('shows_prices')),
    hides_rules: Type.Optional(switchOf('hides_rules')),
    allows_live_tests: Type.Optional(switchOf('allows_live_tests')),
    created_at: READ_ONLY,
    updated_at: READ_ONLY,
  },
  { ...CLOSED, $id: 'GivenPostingLink' },
);

const LINK = Type.Object(
  {
    id: Type.String(),
    flow_id: Type.String(),
    source_id: Type.String({ description: 'Of the source’s entity, as in the submit URL.' }),
    url: nullable(Type.String(), {
      description: 'Of the page; null: it was revoked, or sealed with a key that the server does not have any more.',
    }),
    contact: nullable(Type.String()),
    shows_caps: switchOf('shows_caps'),
    shows_prices: switchOf('shows_prices'),
    hides_rules: switchOf('hides_rules'),
    allows_live_tests: switchOf('allows_live_tests'),
    created_at: TIME,
    updated_at: TIME,
  },
  { ...CLOSED, $id: 'PostingLink' },
);

const ofSource = {
  flow_id: idInPath('The id of the flow.'),
  source_id: nameInPath('The id of the source’s entity (24 characters), or the source’s own (6).'),
};
const ofLink = { ...ofSource, link_id: idInPath('The id of the link.') };

const body = { contact: 'Ann Ray, ann@example.com', shows_caps: true };
const EXAMPLE = {
  id: '5fd4371e940df5a34a3888b2',
  flow_id: '5462c7eb76fefd217d333552',
  source_id: '5462c7fb745fb567baf2e093',
  url: 'https://leads.example.com/submission/aR4nd0mT0ken',
  contact: body.contact,
  shows_caps: true,
  shows_prices: false,
  hides_rules: false,
  allows_live_tests: false,
  created_at: '2025-03-03T12:00:00.000Z',
  updated_at: '2025-03-03T12:00:00.000Z',
};

const PATH = '/flows/:flow_id/sources/:source_id/posting_links';

/** Links by which vendors without an account read how to post to a source (decision page 0106). */
export const POSTING_LINK_ROUTES = [
  route({
    name: 'listPostingLinks',
    method: 'GET',
    path: PATH,
    permission: 'flows.read',
    params: ofSource,
    answers: { 200: Type.Array(LINK), 404: 'not_found' },
    doc: {
      summary: 'The links to the posting page of a source, oldest first, with their URLs.',
      example: { answer: [EXAMPLE] },
    },
    handler: listPostingLinks,
  }),
  route({
    name: 'createPostingLink',
    method: 'POST',
    path: PATH,
    permission: 'flows.write',
    params: ofSource,
    hasOptionalBody: true,
    body: GIVEN,
    answers: { 201: LINK, 404: 'not_found', 409: 'conflict' },
    doc: {
      summary: 'Makes one. Everybody with its URL may read how to post to this source, and nothing else.',
      description: `A source has at most ${POSTING_LINKS_MAX}.`,
      example: { body, answer: EXAMPLE },
    },
    handler: createPostingLink,
  }),
  route({
    name: 'replacePostingLink',
    method: 'PUT',
    path: `${PATH}/:link_id`,
    permission: 'flows.write',
    params: ofLink,
    body: GIVEN,
    answers: { 200: LINK, 404: 'not_found' },
    doc: { summary: 'Changes what it shows; its URL stays.', example: { body, answer: EXAMPLE } },
    handler: replacePostingLink,
  }),
  route({
    name: 'revokePostingLink',
    method: 'DELETE',
    path: `${PATH}/:link_id`,
    permission: 'flows.write',
    params: ofLink,
    answers: { 200: LINK, 404: 'not_found' },
    doc: {
      summary: 'Revokes it: its URL opens nothing any more.',
      example: { answer: { ...EXAMPLE, url: null } },
    },
    handler: revokePostingLink,
  }),
] as const;
