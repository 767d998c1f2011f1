import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { sessionQuery } from './api/session.ts';
import { readCapSearch } from './pages/caps/read-cap-search.ts';
import { readEditSearch } from './pages/edit/read-edit-search.ts';
import { readPanel } from './pages/flow/read-panel.ts';
import { readFlowSearch } from './pages/flows/read-flow-filter.ts';
import { readHistorySearch } from './pages/history/read-history-search.ts';
import { readLeadSearch } from './pages/lead/lead-tabs.ts';
import { readListSearch } from './pages/list/list-search.ts';
import { readPartnerSearch } from './pages/partners/partner-rows.ts';
import { readRetrySearch, readUnknownSearch } from './pages/problems/read-delivery-search.ts';
import { readProblemSearch } from './pages/problems/read-problem-search.ts';
import { readReportSearch } from './pages/reports/read-report-search.ts';
import { readTestSearch } from './pages/test-leads/read-test-search.ts';
import { ErrorState } from './parts/ErrorState.tsx';
import { NotFound } from './parts/NotFound.tsx';
import { takeTexts } from './parts/take-texts.ts';
import { readFrameSearch } from './parts/time-frames.ts';
import { parseSearch, stringifySearch } from './search-params.ts';
import { Shell } from './shell/Shell.tsx';

/** What loaders of routes are given. */
export interface RouteContext {
  queries: QueryClient;
}

const root = createRootRouteWithContext<RouteContext>()({ notFoundComponent: NotFound, errorComponent: ErrorState });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>) => ({
    ...(typeof search['to'] === 'string' && search['to'].startsWith('/') && { to: search['to'] }),
  }),
  component: lazyRouteComponent(() => import('./pages/sign-in/SignInPage.tsx'), 'SignInPage'),
});

/** Opened by the link that a start prints; the token follows `#`. */
const welcome = createRoute({
  getParentRoute: () => root,
  path: '/welcome',
  component: lazyRouteComponent(() => import('./pages/welcome/WelcomePage.tsx'), 'WelcomePage'),
});

/** Everything behind a session, in the frame with the rail. */
const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  beforeLoad: async ({ context, location }) => {
    const session = await context.queries.ensureQueryData(sessionQuery);
    if (session === null) throw redirect({ to: '/sign-in', search: { to: location.publicHref } });
    return { session };
  },
  component: Shell,
});

const invitation = createRoute({
  getParentRoute: () => root,
  path: '/invitation',
  component: lazyRouteComponent(() => import('./pages/invitation/InvitationPage.tsx'), 'InvitationPage'),
});

const home = createRoute({
  getParentRoute: () => signedIn,
  path: '/',
  validateSearch: readFrameSearch,
  component: lazyRouteComponent(() => import('./pages/home/HomePage.tsx'), 'HomePage'),
});

const problems = createRoute({
  getParentRoute: () => signedIn,
  path: '/problems',
  validateSearch: readProblemSearch,
  component: lazyRouteComponent(() => import('./pages/problems/ProblemsPage.tsx'), 'ProblemsPage'),
});

const problem = createRoute({
  getParentRoute: () => signedIn,
  path: '/problems/$problemId',
  component: lazyRouteComponent(() => import('./pages/problems/ProblemPage.tsx'), 'ProblemPage'),
});

const retries = createRoute({
  getParentRoute: () => signedIn,
  path: '/retries',
  validateSearch: readRetrySearch,
  component: lazyRouteComponent(() => import('./pages/retries/RetriesPage.tsx'), 'RetriesPage'),
});

const unknowns = createRoute({
  getParentRoute: () => signedIn,
  path: '/unknowns',
  validateSearch: readUnknownSearch,
  component: lazyRouteComponent(() => import('./pages/unknowns/UnknownsPage.tsx'), 'UnknownsPage'),
});

const leads = createRoute({
  getParentRoute: () => signedIn,
  path: '/leads',
  validateSearch: (search: Record<string, unknown>) => readListSearch('leads', search),
  component: lazyRouteComponent(() => import('./pages/leads/LeadsPage.tsx'), 'LeadsPage'),
});

const events = createRoute({
  getParentRoute: () => signedIn,
  path: '/events',
  validateSearch: (search: Record<string, unknown>) => readListSearch('events', search),
  component: lazyRouteComponent(() => import('./pages/events/EventsPage.tsx'), 'EventsPage'),
});

const lead = createRoute({
  getParentRoute: () => signedIn,
  path: '/leads/$leadId',
  validateSearch: readLeadSearch,
  component: lazyRouteComponent(() => import('./pages/lead/LeadPage.tsx'), 'LeadPage'),
});

const flows = createRoute({
  getParentRoute: () => signedIn,
  path: '/flows',
  validateSearch: readFlowSearch,
  component: lazyRouteComponent(() => import('./pages/flows/FlowsPage.tsx'), 'FlowsPage'),
});

/** `source`: the links to its posting page are open. */
const flow = createRoute({
  getParentRoute: () => signedIn,
  path: '/flows/$flowId',
  validateSearch: readPanel,
  component: lazyRouteComponent(() => import('./pages/flow/FlowPage.tsx'), 'FlowPage'),
});

/** Pages that share the draft of a flow: each has `$flowId` in its path. */
const draft = createRoute({
  getParentRoute: () => signedIn,
  id: 'draft',
  component: lazyRouteComponent(() => import('./pages/edit/EditPage.tsx'), 'DraftPages'),
});

const edit = createRoute({
  getParentRoute: () => draft,
  path: '/flows/$flowId/edit/$part',
  validateSearch: readEditSearch,
  component: lazyRouteComponent(() => import('./pages/edit/EditPage.tsx'), 'EditPage'),
});

const publish = createRoute({
  getParentRoute: () => draft,
  path: '/flows/$flowId/publish',
  component: lazyRouteComponent(() => import('./pages/publish/PublishPage.tsx'), 'PublishPage'),
});

/** `source`: where the test lead comes in; `on`: the draft, what is saved or live, or a revision. */
const testLeads = createRoute({
  getParentRoute: () => draft,
  path: '/flows/$flowId/test',
  validateSearch: readTestSearch,
  component: lazyRouteComponent(() => import('./pages/test-leads/TestPage.tsx'), 'TestPage'),
});

const editStart = createRoute({
  getParentRoute: () => signedIn,
  path: '/flows/$flowId/edit',
  beforeLoad: ({ params: { flowId } }) => {
    throw redirect({ to: '/flows/$flowId/edit/$part', params: { flowId, part: 'sources' }, search: {}, replace: true });
  },
});

/** `from` and `to`: two revisions that are compared. */
const history = createRoute({
  getParentRoute: () => signedIn,
  path: '/flows/$flowId/history',
  validateSearch: readHistorySearch,
  component: lazyRouteComponent(() => import('./pages/history/HistoryPage.tsx'), 'HistoryPage'),
});

const profile = createRoute({
  getParentRoute: () => signedIn,
  path: '/settings/profile',
  component: lazyRouteComponent(() => import('./pages/profile/ProfilePage.tsx'), 'ProfilePage'),
});

const security = createRoute({
  getParentRoute: () => signedIn,
  path: '/settings/security',
  validateSearch: takeTexts('panel'),
  component: lazyRouteComponent(() => import('./pages/security/SecurityPage.tsx'), 'SecurityPage'),
});

const users = createRoute({
  getParentRoute: () => signedIn,
  path: '/settings/users',
  validateSearch: takeTexts('q', 'role', 'state', 'panel'),
  component: lazyRouteComponent(() => import('./pages/users/UsersPage.tsx'), 'UsersPage'),
});

const roles = createRoute({
  getParentRoute: () => signedIn,
  path: '/settings/roles',
  component: lazyRouteComponent(() => import('./pages/roles/RolesPage.tsx'), 'RolesPage'),
});

const apiKeys = createRoute({
  getParentRoute: () => signedIn,
  path: '/settings/api-keys',
  validateSearch: takeTexts('q', 'state', 'panel'),
  component: lazyRouteComponent(() => import('./pages/api-keys/ApiKeysPage.tsx'), 'ApiKeysPage'),
});

const settings = createRoute({
  getParentRoute: () => signedIn,
  path: '/settings',
  beforeLoad: () => {
    throw redirect({ to: '/settings/profile' });
  },
});

/** The flow and the source that the first lead goes to; without them the first that runs. */
const setup = createRoute({
  getParentRoute: () => signedIn,
  path: '/setup',
  validateSearch: (search: Record<string, unknown>) => ({
    ...(typeof search['flow'] === 'string' && { flow: search['flow'] }),
    ...(typeof search['source'] === 'string' && { source: search['source'] }),
  }),
  component: lazyRouteComponent(() => import('./pages/setup/SetupPage.tsx'), 'SetupPage'),
});

const lists = createRoute({
  getParentRoute: () => signedIn,
  path: '/lists',
  validateSearch: takeTexts('q', 'type', 'panel'),
  component: lazyRouteComponent(() => import('./pages/lists/ListsPage.tsx'), 'ListsPage'),
});

const listDetails = createRoute({
  getParentRoute: () => signedIn,
  path: '/lists/$listId',
  validateSearch: takeTexts('panel'),
  component: lazyRouteComponent(() => import('./pages/list-details/ListDetailsPage.tsx'), 'ListDetailsPage'),
});

const fields = createRoute({
  getParentRoute: () => signedIn,
  path: '/fields',
  validateSearch: takeTexts('q', 'kind', 'panel'),
  component: lazyRouteComponent(() => import('./pages/fields/FieldsPage.tsx'), 'FieldsPage'),
});

const credentials = createRoute({
  getParentRoute: () => signedIn,
  path: '/credentials',
  validateSearch: takeTexts('q', 'type', 'panel'),
  component: lazyRouteComponent(() => import('./pages/credentials/CredentialsPage.tsx'), 'CredentialsPage'),
});

const credential = createRoute({
  getParentRoute: () => signedIn,
  path: '/credentials/$credentialId',
  validateSearch: takeTexts('panel'),
  component: lazyRouteComponent(() => import('./pages/credential/CredentialPage.tsx'), 'CredentialPage'),
});

const pricingServices = createRoute({
  getParentRoute: () => signedIn,
  path: '/pricing-services',
  validateSearch: takeTexts('q', 'panel'),
  component: lazyRouteComponent(
    () => import('./pages/pricing-services/PricingServicesPage.tsx'),
    'PricingServicesPage',
  ),
});

const activity = createRoute({
  getParentRoute: () => signedIn,
  path: '/activity',
  validateSearch: takeTexts('kind', 'action', 'actor', 'subject', 'from', 'to', 'before', 'panel'),
  component: lazyRouteComponent(() => import('./pages/activity/ActivityPage.tsx'), 'ActivityPage'),
});

const webhooks = createRoute({
  getParentRoute: () => signedIn,
  path: '/settings/webhooks',
  validateSearch: takeTexts('q', 'panel'),
  component: lazyRouteComponent(() => import('./pages/webhooks/WebhooksPage.tsx'), 'WebhooksPage'),
});

const privacy = createRoute({
  getParentRoute: () => signedIn,
  path: '/settings/privacy',
  validateSearch: takeTexts('panel'),
  component: lazyRouteComponent(() => import('./pages/privacy/PrivacyPage.tsx'), 'PrivacyPage'),
});

const account = createRoute({
  getParentRoute: () => signedIn,
  path: '/settings/account',
  component: lazyRouteComponent(() => import('./pages/account/AccountPage.tsx'), 'AccountPage'),
});

const retention = createRoute({
  getParentRoute: () => signedIn,
  path: '/settings/retention',
  component: lazyRouteComponent(() => import('./pages/retention/RetentionPage.tsx'), 'RetentionPage'),
});

const appearance = createRoute({
  getParentRoute: () => signedIn,
  path: '/settings/appearance',
  component: lazyRouteComponent(() => import('./pages/appearance/AppearancePage.tsx'), 'AppearancePage'),
});

const mail = createRoute({
  getParentRoute: () => signedIn,
  path: '/settings/mail',
  component: lazyRouteComponent(() => import('./pages/mail/MailPage.tsx'), 'MailPage'),
});

const about = createRoute({
  getParentRoute: () => signedIn,
  path: '/settings/about',
  component: lazyRouteComponent(() => import('./pages/about/AboutPage.tsx'), 'AboutPage'),
});

const entities = createRoute({
  getParentRoute: () => signedIn,
  path: '/entities',
  validateSearch: takeTexts('q', 'side', 'panel'),
  component: lazyRouteComponent(() => import('./pages/entities/EntitiesPage.tsx'), 'EntitiesPage'),
});

const integrations = createRoute({
  getParentRoute: () => signedIn,
  path: '/integrations',
  validateSearch: takeTexts('q', 'type'),
  component: lazyRouteComponent(() => import('./pages/integrations/IntegrationsPage.tsx'), 'IntegrationsPage'),
});

const integration = createRoute({
  getParentRoute: () => signedIn,
  path: '/integrations/$moduleId',
  component: lazyRouteComponent(() => import('./pages/integration/IntegrationPage.tsx'), 'IntegrationPage'),
});

const batches = createRoute({
  getParentRoute: () => signedIn,
  path: '/batches',
  validateSearch: takeTexts('q', 'panel'),
  component: lazyRouteComponent(() => import('./pages/batches/BatchesPage.tsx'), 'BatchesPage'),
});

const batch = createRoute({
  getParentRoute: () => signedIn,
  path: '/batches/$batchId',
  validateSearch: takeTexts('state', 'before', 'panel'),
  component: lazyRouteComponent(() => import('./pages/batch/BatchPage.tsx'), 'BatchPage'),
});

const LIBRARY = [
  ...[lists, listDetails, fields, credentials, credential],
  ...[entities, pricingServices, integrations, integration, batches, batch],
] as const;
const SETTINGS = [
  ...[settings, profile, security, users, roles, apiKeys, activity],
  ...[webhooks, privacy, account, retention, appearance, mail, about],
] as const;

/** `cap`: its panel is open. */
const caps = createRoute({
  getParentRoute: () => signedIn,
  path: '/caps',
  validateSearch: readCapSearch,
  component: lazyRouteComponent(() => import('./pages/caps/CapsPage.tsx'), 'CapsPage'),
});

const capAlerts = createRoute({
  getParentRoute: () => signedIn,
  path: '/caps/alerts',
  component: lazyRouteComponent(() => import('./pages/caps/CapAlertsPage.tsx'), 'CapAlertsPage'),
});
const recipients = createRoute({
  getParentRoute: () => signedIn,
  path: '/recipients',
  validateSearch: readPartnerSearch,
  component: lazyRouteComponent(() => import('./pages/partners/PartnersPage.tsx'), 'RecipientsPage'),
});

const sources = createRoute({
  getParentRoute: () => signedIn,
  path: '/sources',
  validateSearch: readPartnerSearch,
  component: lazyRouteComponent(() => import('./pages/partners/PartnersPage.tsx'), 'SourcesPage'),
});

const recipient = createRoute({
  getParentRoute: () => signedIn,
  path: '/recipients/$recipientId',
  validateSearch: readFrameSearch,
  component: lazyRouteComponent(() => import('./pages/partners/PartnerPage.tsx'), 'RecipientPage'),
});

const source = createRoute({
  getParentRoute: () => signedIn,
  path: '/sources/$sourceId',
  validateSearch: readFrameSearch,
  component: lazyRouteComponent(() => import('./pages/partners/PartnerPage.tsx'), 'SourcePage'),
});

const reports = createRoute({
  getParentRoute: () => signedIn,
  path: '/reports',
  component: lazyRouteComponent(() => import('./pages/reports/ReportsPage.tsx'), 'ReportsPage'),
});

const newReport = createRoute({
  getParentRoute: () => signedIn,
  path: '/reports/new',
  component: lazyRouteComponent(() => import('./pages/reports/EditReportPage.tsx'), 'EditReportPage'),
});

const report = createRoute({
  getParentRoute: () => signedIn,
  path: '/reports/$reportId',
  validateSearch: readReportSearch,
  component: lazyRouteComponent(() => import('./pages/reports/ReportPage.tsx'), 'ReportPage'),
});

const editReport = createRoute({
  getParentRoute: () => signedIn,
  path: '/reports/$reportId/edit',
  component: lazyRouteComponent(() => import('./pages/reports/EditReportPage.tsx'), 'EditReportPage'),
});

const PARTNERS = [recipients, recipient, sources, source] as const;
const REPORTS = [reports, newReport, report, editReport] as const;

const jobs = createRoute({
  getParentRoute: () => signedIn,
  path: '/jobs',
  validateSearch: takeTexts('state', 'kind', 'before'),
  component: lazyRouteComponent(() => import('./pages/jobs/JobsPage.tsx'), 'JobsPage'),
});

const job = createRoute({
  getParentRoute: () => signedIn,
  path: '/jobs/$jobId',
  component: lazyRouteComponent(() => import('./pages/job/JobPage.tsx'), 'JobPage'),
});

/** `job`: the import that is gone on with; `flow`, `source`: what a new one is for. */
const importLeads = createRoute({
  getParentRoute: () => signedIn,
  path: '/import/leads',
  validateSearch: takeTexts('job', 'flow', 'source'),
  component: lazyRouteComponent(() => import('./pages/imports/ImportLeadsPage.tsx'), 'ImportLeadsPage'),
});

const importFeedback = createRoute({
  getParentRoute: () => signedIn,
  path: '/import/feedback',
  validateSearch: takeTexts('type'),
  component: lazyRouteComponent(() => import('./pages/imports/ImportFeedbackPage.tsx'), 'ImportFeedbackPage'),
});

const importLists = createRoute({
  getParentRoute: () => signedIn,
  path: '/import/lists',
  validateSearch: takeTexts('list'),
  component: lazyRouteComponent(() => import('./pages/imports/ImportListsPage.tsx'), 'ImportListsPage'),
});

const exports = createRoute({
  getParentRoute: () => signedIn,
  path: '/exports',
  validateSearch: takeTexts('q', 'status'),
  component: lazyRouteComponent(() => import('./pages/exports/ExportsPage.tsx'), 'ExportsPage'),
});

const importStart = createRoute({
  getParentRoute: () => signedIn,
  path: '/import',
  beforeLoad: () => {
    throw redirect({ to: '/import/leads', search: {}, replace: true });
  },
});

/** `operation`: the one that is open; `q`: what is looked for. */
const developers = createRoute({
  getParentRoute: () => signedIn,
  path: '/developers',
  validateSearch: takeTexts('operation', 'q'),
  component: lazyRouteComponent(() => import('./pages/developers/ReferencePage.tsx'), 'ReferencePage'),
});

/** `key`: whose; `status=errors`: those alone; `before`: an id from which on older ones are shown. */
const developerRequests = createRoute({
  getParentRoute: () => signedIn,
  path: '/developers/requests',
  validateSearch: takeTexts('key', 'status', 'operation', 'before'),
  component: lazyRouteComponent(() => import('./pages/developers/RequestsPage.tsx'), 'RequestsPage'),
});

const developerSetup = createRoute({
  getParentRoute: () => signedIn,
  path: '/developers/set-up',
  component: lazyRouteComponent(() => import('./pages/developers/SetUpPage.tsx'), 'SetUpPage'),
});

const ROUTE_TREE = root.addChildren([
  signIn,
  welcome,
  invitation,
  signedIn.addChildren([
    ...[home, flows, flow, history, leads, events, lead, setup, problems, problem, retries, unknowns],
    ...[caps, capAlerts],
    ...[jobs, job, importStart, importLeads, importFeedback, importLists, exports],
    ...[editStart, draft.addChildren([edit, publish, testLeads])],
    ...PARTNERS,
    ...REPORTS,
    ...LIBRARY,
    ...SETTINGS,
    ...[developers, developerRequests, developerSetup],
  ]),
]);

export function createConsoleRouter(queries: QueryClient) {
  return createRouter({
    ...{ routeTree: ROUTE_TREE, basepath: '/app', context: { queries }, scrollRestoration: true },
    ...{ parseSearch, stringifySearch },
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createConsoleRouter>;
  }
}
