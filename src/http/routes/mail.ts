import { Type } from 'typebox';
import { MAIL_SECURITIES } from '../../integrations/mail-message.ts';
import { readMailSettings, TEST_MAILS, testMail } from '../handlers/mail.ts';
import { route } from '../route.ts';
import { CLOSED, nullable } from '../schemas.ts';

const SETTINGS = Type.Object(
  {
    is_set: Type.Boolean({ description: 'Is mail of the installation sent?' }),
    server: nullable(
      Type.Object(
        {
          host: Type.String(),
          port: Type.Integer(),
          security: Type.Enum([...MAIL_SECURITIES], {
            description:
              '`starttls`: encrypted before anything else is said; `tls`: from the first byte; `none`: never.',
          }),
          has_login: Type.Boolean({ description: 'Does it log in? The login itself is not shown.' }),
        },
        CLOSED,
      ),
    ),
    from: nullable(Type.Object({ name: Type.String(), address: Type.String() }, CLOSED), {
      description: 'The sender.',
    }),
  },
  { ...CLOSED, $id: 'InstallationMail' },
);

const TESTED = Type.Object(
  {
    to: Type.String({ description: 'The address of the user who asks.' }),
    fault: nullable(Type.String(), { description: 'Why the mail server did not take it; null: it did.' }),
    ms: Type.Integer(),
  },
  { ...CLOSED, $id: 'TestedMail' },
);

/** The mail of the installation, which its operator sets in the environment. */
export const MAIL_ROUTES = [
  route({
    name: 'readMailSettings',
    method: 'GET',
    path: '/account/mail',
    permission: 'account.manage',
    answers: { 200: SETTINGS },
    doc: {
      summary: 'The mail server that alerts, reports and notices of exports are sent by.',
      description: 'The operator sets it in the environment: `SLUICE_SMTP_URL` and `SLUICE_MAIL_FROM`.',
      example: {
        answer: {
          is_set: true,
          server: { host: 'mail.example.com', port: 587, security: 'starttls', has_login: true },
          from: { name: 'Acme leads', address: 'leads@example.com' },
        },
      },
    },
    handler: readMailSettings,
  }),
  route({
    name: 'testMail',
    method: 'POST',
    path: '/account/mail/test',
    permission: 'account.manage',
    takesNoBody: true,
    answers: { 200: TESTED, 403: 'session_required', 429: 'too_many_attempts' },
    doc: {
      summary: 'Sends one message to the user who asks, and says whether the mail server took it.',
      description: `By their session or an API key of their own. At most ${TEST_MAILS.most} messages to a user at once, then one a minute.`,
      example: { answer: { to: 'ann@example.com', fault: null, ms: 412 } },
    },
    handler: testMail,
  }),
] as const;
