import { Type } from 'typebox';
import { type ApiResult, answerText } from './api.ts';
import { type DepsOf, type DocumentedRoute, type Route, route } from './route.ts';
import { ACCOUNT_ROUTES } from './routes/account.ts';
import { ACTIVITY_ROUTES } from './routes/activity.ts';
import { API_KEY_ROUTES } from './routes/api-keys.ts';
import { BATCH_ROUTES } from './routes/batches.ts';
import { CAP_ALERT_ROUTES } from './routes/cap-alerts.ts';
import { CAP_ROUTES } from './routes/caps.ts';
import { CHANGELOG_ROUTES } from './routes/changelogs.ts';
import { CREDENTIAL_ROUTES } from './routes/credentials.ts';
import { DESTINATION_ROUTES } from './routes/destinations.ts';
import { DRAFT_ROUTES } from './routes/drafts.ts';
import { ENTITY_ROUTES } from './routes/entities.ts';
import { EVENT_METRIC_ROUTES } from './routes/event-metrics.ts';
import { EVENT_ROUTES } from './routes/events.ts';
import { EXPORT_ROUTES } from './routes/exports.ts';
import { FEEDBACK_INGEST_ROUTES, FEEDBACK_ROUTES } from './routes/feedback.ts';
import { FEEDBACK_IMPORT_ROUTES } from './routes/feedback-imports.ts';
import { FIELD_ROUTES } from './routes/fields.ts';
import { FIREHOSE_ROUTES } from './routes/firehose.ts';
import { FLOW_ROUTES } from './routes/flows.ts';
import { INGEST_ROUTES } from './routes/ingest.ts';
import { INVITATION_ROUTES } from './routes/invitations.ts';
import { JOB_ROUTES } from './routes/jobs.ts';
import { LEAD_IMPORT_ROUTES } from './routes/lead-imports.ts';
import { LEAD_ROUTES } from './routes/leads.ts';
import { LIST_IMPORT_ROUTES } from './routes/list-imports.ts';
import { LIST_ROUTES } from './routes/lists.ts';
import { MAIL_ROUTES } from './routes/mail.ts';
import { MODULE_ROUTES } from './routes/modules.ts';
import { OPERATION_ROUTES } from './routes/operations.ts';
import { PACKAGE_ROUTES } from './routes/packages.ts';
import { PING_ROUTES } from './routes/pings.ts';
import { POSTING_LINK_ROUTES } from './routes/posting-links.ts';
import { POSTING_PAGE_ROUTES } from './routes/posting-pages.ts';
import { PRICING_SERVICE_ROUTES } from './routes/pricing-services.ts';
import { PRIVACY_ROUTES } from './routes/privacy.ts';
import { PROBLEM_ROUTES } from './routes/problems.ts';
import { REASON_ROUTES } from './routes/reasons.ts';
import { RECIPIENT_ROUTES } from './routes/recipients.ts';
import { REPLAY_ROUTES } from './routes/replays.ts';
import { REPORT_ROUTES } from './routes/reports.ts';
import { RETRY_ROUTES } from './routes/retries.ts';
import { REVISION_ROUTES } from './routes/revisions.ts';
import { ROLE_ROUTES } from './routes/roles.ts';
import { ROUTER_ROUTES } from './routes/routers.ts';
import { RULE_ROUTES } from './routes/rules.ts';
import { SCHEMA_ROUTES } from './routes/schemas.ts';
import { SEARCH_ROUTES } from './routes/search.ts';
import { SESSION_ROUTES } from './routes/session.ts';
import { SIMULATION_ROUTES } from './routes/simulations.ts';
import { SOURCE_ROUTES } from './routes/sources.ts';
import { STATISTICS_ROUTES } from './routes/statistics.ts';
import { STATUS_ROUTES } from './routes/status.ts';
import { TEMPLATE_ROUTES } from './routes/templates.ts';
import { TEST_LEAD_ROUTES } from './routes/test-leads.ts';
import { TYPE_ROUTES } from './routes/types.ts';
import { UNKNOWN_ROUTES } from './routes/unknowns.ts';
import { OWN_USER_ROUTES } from './routes/user.ts';
import { USER_ROUTES } from './routes/users.ts';
import { VIEW_ROUTES } from './routes/views.ts';
import { WEBHOOK_ROUTES } from './routes/webhooks.ts';
import { WELCOME_ROUTES } from './routes/welcome.ts';
import type { SessionCookies } from './session-cookie.ts';
import { writeOpenApi } from './write-openapi.ts';

/** The contract itself. Here, because it is made of the whole table. */
const OPENAPI_ROUTES = [
  route({
    name: 'readOpenApi',
    method: 'GET',
    path: '/openapi.json',
    permission: 'public',
    answers: { 200: Type.Object({}, { description: 'An OpenAPI document.' }) },
    doc: { summary: 'This API as OpenAPI 3.1, complete with errors and examples.' },
    handler: async ({ version, cookies }: { version: string; cookies: SessionCookies }): Promise<ApiResult> =>
      answerText(writeOpenApi(DOCUMENTED_ROUTES, { version, cookieName: cookies.name })),
  }),
] as const;

/** The rows of every resource, in the order of the reference (spec api 1). */
const ROWS = [
  ...FLOW_ROUTES,
  ...DRAFT_ROUTES,
  ...REVISION_ROUTES,
  ...SIMULATION_ROUTES,
  ...TEST_LEAD_ROUTES,
  ...REPLAY_ROUTES,
  ...SOURCE_ROUTES,
  ...POSTING_LINK_ROUTES,
  ...POSTING_PAGE_ROUTES,
  ...DESTINATION_ROUTES,
  ...ROUTER_ROUTES,
  ...ENTITY_ROUTES,
  ...PRICING_SERVICE_ROUTES,
  ...CREDENTIAL_ROUTES,
  ...BATCH_ROUTES,
  ...RULE_ROUTES,
  ...TEMPLATE_ROUTES,
  ...EVENT_ROUTES,
  ...EXPORT_ROUTES,
  ...STATISTICS_ROUTES,
  ...EVENT_METRIC_ROUTES,
  ...REPORT_ROUTES,
  ...VIEW_ROUTES,
  ...REASON_ROUTES,
  ...PROBLEM_ROUTES,
  ...FIREHOSE_ROUTES,
  ...PRIVACY_ROUTES,
  ...WEBHOOK_ROUTES,
  ...LEAD_ROUTES,
  ...SEARCH_ROUTES,
  ...LEAD_IMPORT_ROUTES,
  ...RETRY_ROUTES,
  ...UNKNOWN_ROUTES,
  ...FEEDBACK_ROUTES,
  ...FEEDBACK_IMPORT_ROUTES,
  ...JOB_ROUTES,
  ...PING_ROUTES,
  ...CAP_ROUTES,
  ...CAP_ALERT_ROUTES,
  ...LIST_ROUTES,
  ...LIST_IMPORT_ROUTES,
  ...RECIPIENT_ROUTES,
  ...FIELD_ROUTES,
  ...ACCOUNT_ROUTES,
  ...MAIL_ROUTES,
  ...SESSION_ROUTES,
  ...OWN_USER_ROUTES,
  ...USER_ROUTES,
  ...ROLE_ROUTES,
  ...INVITATION_ROUTES,
  ...WELCOME_ROUTES,
  ...PACKAGE_ROUTES,
  ...MODULE_ROUTES,
  ...TYPE_ROUTES,
  ...API_KEY_ROUTES,
  ...ACTIVITY_ROUTES,
  ...CHANGELOG_ROUTES,
  ...SCHEMA_ROUTES,
  ...OPENAPI_ROUTES,
  ...STATUS_ROUTES,
  ...OPERATION_ROUTES,
] as const;

/** What the handlers are given: the deps of every resource, together. */
export type RouteDeps = DepsOf<typeof ROWS>;

/** Every route of the API: who may ask, what it takes and what it answers. */
export const ROUTES: readonly Route<RouteDeps>[] = ROWS;

/** The same and the submit URLs of sources, which `ingest/` handles: what is documented. */
export const DOCUMENTED_ROUTES: readonly DocumentedRoute[] = [...ROUTES, ...INGEST_ROUTES, ...FEEDBACK_INGEST_ROUTES];
