import { Type } from 'typebox';
import {
  readPosting,
  readPostingMarkdown,
  readPostingOpenApi,
  readPostingPostman,
  readPostingTemplate,
  tryPostingLink,
} from '../handlers/posting-pages.ts';
import { nameInPath } from '../read-path-parameters.ts';
import { route } from '../route.ts';
import { POSTING_PAGE, POSTING_TRIED, POSTING_TRY } from './posting-schemas.ts';

const params = { token: nameInPath('What follows `/submission/` in the URL of the link.') };

/** A lead with long texts; more is not needed to try one. */
const TRY_BYTES_MAX = 256 * 1024;

/** Of everything that is read by a link. */
const READING = { 404: 'not_found', 429: 'too_many_attempts', 500: 'internal_error', 503: 'unavailable' } as const;

/** What vendors read by a link; the page itself is at `/submission/{token}` (decision page 0106). */
export const POSTING_PAGE_ROUTES = [
  route({
    name: 'readPosting',
    method: 'GET',
    path: '/submission/:token.json',
    permission: 'public',
    params,
    answers: { 200: POSTING_PAGE, ...READING },
    doc: {
      summary: 'How to post leads to a source, for everybody who has the link.',
      description: 'What the page at `/submission/{token}` shows, in the parameter names of the source’s vendors.',
    },
    handler: readPosting,
  }),
  route({
    name: 'readPostingMarkdown',
    method: 'GET',
    path: '/submission/:token.md',
    permission: 'public',
    params,
    answers: { 200: Type.String(), ...READING },
    answerTypes: ['text/markdown'],
    doc: { summary: 'The same as Markdown.' },
    handler: readPostingMarkdown,
  }),
  route({
    name: 'readPostingOpenApi',
    method: 'GET',
    path: '/submission/:token/openapi.json',
    permission: 'public',
    params,
    answers: { 200: Type.Object({}, { description: 'An OpenAPI document.' }), ...READING },
    doc: { summary: 'The submit URL of the source alone as OpenAPI 3.1.' },
    handler: readPostingOpenApi,
  }),
  route({
    name: 'readPostingPostman',
    method: 'GET',
    path: '/submission/:token/postman.json',
    permission: 'public',
    params,
    answers: { 200: Type.Object({}, { description: 'A collection of Postman, format 2.1.' }), ...READING },
    doc: { summary: 'A lead in each format as a collection of Postman.' },
    handler: readPostingPostman,
  }),
  route({
    name: 'readPostingTemplate',
    method: 'GET',
    path: '/submission/:token/template.csv',
    permission: 'public',
    params,
    answers: { 200: Type.String(), ...READING },
    answerTypes: ['text/csv'],
    doc: { summary: 'The parameters as the head of a CSV file, with a sample below.' },
    handler: readPostingTemplate,
  }),
  route({
    name: 'tryPosting',
    method: 'POST',
    path: '/submission/:token/try',
    permission: 'public',
    params,
    bodyBytesMax: TRY_BYTES_MAX,
    body: POSTING_TRY,
    answers: { 200: POSTING_TRIED, 404: 'not_found', 429: 'too_many_attempts' },
    doc: {
      summary: 'What would become of a lead with these values. Sends, counts and stores nothing.',
      description: 'Assumes that the lead is no duplicate, that caps have room and that it can be delivered.',
      example: { body: { format: 'form', values: { email: 'jdoe@example.com', state: 'TX' } } },
    },
    handler: tryPostingLink,
  }),
] as const;
