import { Type } from 'typebox';
import { NAMED_LEADS_MAX } from '../../jobs/privacy-deps.ts';
import {
  createHold,
  erase,
  exportSubject,
  listHolds,
  listReceipts,
  readReceipt,
  readReceiptKey,
  releaseHold,
  verifyReceipt,
} from '../handlers/privacy.ts';
import { idInPath } from '../read-path-parameters.ts';
import { route } from '../route.ts';
import { CLOSED, ID, TIME } from '../schemas.ts';
import { JOB } from './jobs.ts';

const TEXT_CHARACTERS_MAX = 320;
const NOTE_CHARACTERS_MAX = 1_000;
/** A receipt names up to 20,000 ids. */
const STATEMENT_CHARACTERS_MAX = 900_000;

const SUBJECT = {
  email: Type.Optional(Type.String({ maxLength: TEXT_CHARACTERS_MAX, description: 'Of the person.' })),
  phone: Type.Optional(
    Type.String({
      maxLength: TEXT_CHARACTERS_MAX,
      description: 'Of the person; American unless it begins with another calling code.',
    }),
  ),
  lead_ids: Type.Optional(
    Type.Array(ID, {
      minItems: 1,
      maxItems: NAMED_LEADS_MAX,
      says: `Must be a list of 1 to ${NAMED_LEADS_MAX} ids.`,
      description: 'These leads, instead of a person.',
    }),
  ),
};

const HOLD = Type.Object(
  {
    id: Type.String(),
    kind: Type.Enum(['leads', 'email', 'phone'], { description: 'What it was made by; a person is not told again.' }),
    note: Type.String(),
    leads: Type.Integer({ description: 'How many leads it keeps; of a person those that were found so far.' }),
    created_by: Type.Object({ kind: Type.String(), id: Type.String(), name: Type.String() }, CLOSED),
    created_at: TIME,
  },
  { ...CLOSED, $id: 'LegalHold' },
);
const EXAMPLE_HOLD = {
  ...{ id: '6b00d7de2f1d7a3c5e9b0a30', kind: 'email', note: 'Case 2026-118', leads: 3 },
  created_by: { kind: 'key', id: '6b00d7de2f1d7a3c5e9b0a01', name: 'administrator' },
  created_at: '2026-11-28T09:00:00.000Z',
};

const RECEIPT = Type.Object(
  {
    id: Type.String({ description: 'Of its job.' }),
    statement: Type.String({ description: 'JSON, byte by byte as it was signed: what was erased, and what stays.' }),
    signature: Type.String({ description: 'Ed25519, in base64.' }),
  },
  { ...CLOSED, $id: 'ErasureReceipt' },
);

const params = { id: idInPath('Its id.') };
const STARTED = Type.Object({ job: JOB }, CLOSED);

/** Legal holds, erasing and exporting a person (decision pages 0097, 0098). */
export const PRIVACY_ROUTES = [
  route({
    name: 'listHolds',
    method: 'GET',
    path: '/privacy/holds',
    permission: 'privacy.manage',
    answers: { 200: Type.Array(HOLD) },
    doc: { summary: 'Legal holds of the account.', example: { answer: [EXAMPLE_HOLD] } },
    handler: listHolds,
  }),
  route({
    name: 'createHold',
    method: 'POST',
    path: '/privacy/holds',
    permission: 'privacy.manage',
    body: Type.Object(
      { ...SUBJECT, note: Type.Optional(Type.String({ maxLength: NOTE_CHARACTERS_MAX, description: 'For people.' })) },
      { ...CLOSED, $id: 'NewLegalHold' },
    ),
    answers: { 201: HOLD, 409: 'conflict', 422: 'invalid_document' },
    doc: {
      summary: 'Keeps leads from being deleted, by retention and by erasure.',
      description:
        'By `email` or `phone`: all leads of the person, those to come included; a job finds the ones there are. The person is kept encrypted while the hold lasts.',
      example: { body: { email: 'ada@example.com', note: 'Case 2026-118' }, answer: EXAMPLE_HOLD },
    },
    handler: createHold,
  }),
  route({
    name: 'releaseHold',
    method: 'DELETE',
    path: '/privacy/holds/:id',
    permission: 'privacy.manage',
    params,
    answers: { 200: HOLD, 404: 'not_found' },
    doc: {
      summary: 'Releases a hold: what no other one keeps goes when its period ends.',
      example: { answer: EXAMPLE_HOLD },
    },
    handler: releaseHold,
  }),
  route({
    name: 'erase',
    method: 'POST',
    path: '/privacy/erase',
    permission: 'privacy.manage',
    body: Type.Object(
      {
        ...SUBJECT,
        preview: Type.Optional(
          Type.Boolean({ description: 'true unless false is given: says what would go, and changes nothing.' }),
        ),
      },
      { ...CLOSED, $id: 'Erasure' },
    ),
    answers: { 202: STARTED, 422: 'invalid_document' },
    doc: {
      summary: 'Erases all values of a person, as a job; or previews it.',
      description:
        'Every lead of the account is looked through, in every spelling. The job leaves `preview.json`, or `receipt.json`, a signed receipt that is kept for good. Leads under a legal hold stay, and the receipt names them.',
      example: { body: { email: 'ada@example.com', preview: false } },
    },
    handler: erase,
  }),
  route({
    name: 'exportPerson',
    method: 'POST',
    path: '/privacy/export',
    permission: 'privacy.manage',
    body: Type.Object(SUBJECT, { ...CLOSED, $id: 'PersonExport' }),
    answers: { 202: STARTED, 422: 'invalid_document' },
    doc: {
      summary: 'Writes all that is kept about a person into a file, as a job.',
      description:
        'The job leaves `person.json` for 7 days: leads with requests and answers, events, feedback, test leads, the names of lists that have the person. It takes `privacy.manage` to read it.',
      example: { body: { phone: '512-789-4321' } },
    },
    handler: exportSubject,
  }),
  route({
    name: 'listReceipts',
    method: 'GET',
    path: '/privacy/receipts',
    permission: 'privacy.manage',
    answers: {
      200: Type.Array(Type.Object({ id: Type.String(), created_at: TIME }, { ...CLOSED, $id: 'ListedReceipt' })),
    },
    doc: {
      summary: 'Receipts of erasures, newest first, at most 1 000.',
      example: { answer: [{ id: '6b00d7de2f1d7a3c5e9b0a31', created_at: '2026-11-28T09:00:00.000Z' }] },
    },
    handler: listReceipts,
  }),
  route({
    name: 'readReceipt',
    method: 'GET',
    path: '/privacy/receipts/:id',
    permission: 'privacy.manage',
    params,
    answers: { 200: RECEIPT, 404: 'not_found' },
    doc: { summary: 'One receipt.' },
    handler: readReceipt,
  }),
  route({
    name: 'readReceiptKey',
    method: 'GET',
    path: '/privacy/receipt_key',
    permission: 'privacy.manage',
    answers: {
      200: Type.Object(
        { algorithm: Type.String(), public_key: Type.String({ description: 'PEM.' }) },
        { ...CLOSED, $id: 'ReceiptKey' },
      ),
    },
    doc: { summary: 'The public key that receipts are verified with, by anybody.' },
    handler: readReceiptKey,
  }),
  route({
    name: 'verifyReceipt',
    method: 'POST',
    path: '/privacy/receipts/verify',
    permission: 'privacy.manage',
    body: Type.Object(
      {
        id: Type.Optional(Type.String()),
        statement: Type.String({ maxLength: STATEMENT_CHARACTERS_MAX }),
        signature: Type.String({ maxLength: TEXT_CHARACTERS_MAX }),
      },
      { ...CLOSED, $id: 'ReceiptToVerify' },
    ),
    answers: { 200: Type.Object({ valid: Type.Boolean() }, CLOSED) },
    doc: {
      summary: 'Says whether this installation signed the receipt as it is, byte by byte.',
      example: { answer: { valid: true } },
    },
    handler: verifyReceipt,
  }),
] as const;
