// Generated from the rows of src/http/routes by "npm run docs"; see scripts/client/generate-client.ts.
import type { CallOptions, FileBody } from './call-options.ts';

/** Every error code of the API; docs/reference/errors.md says what each means. */
export type ErrorCode =
  | 'malformed_request'
  | 'malformed_url'
  | 'malformed_id'
  | 'malformed_query'
  | 'malformed_header'
  | 'malformed_body'
  | 'authentication_failed'
  | 'sign_in_failed'
  | 'second_factor_required'
  | 'permission_required'
  | 'session_required'
  | 'csrf_token_required'
  | 'standard_field'
  | 'origin_not_allowed'
  | 'not_found'
  | 'method_not_allowed'
  | 'request_timeout'
  | 'id_taken'
  | 'email_taken'
  | 'last_owner'
  | 'conflict'
  | 'body_too_large'
  | 'url_too_long'
  | 'unsupported_media_type'
  | 'invalid_document'
  | 'not_deployable'
  | 'recipient_needed'
  | 'too_many_attempts'
  | 'headers_too_large'
  | 'internal_error'
  | 'unavailable';

/** One entry of the table: how the route is asked, and by which property its pages go on. */
export const ROUTES = {
  listFlows: { method: 'GET', path: '/flows', takesQuery: true },
  createFlow: { method: 'POST', path: '/flows', takesBody: true },
  replaceAllFlows: { method: 'PUT', path: '/flows', takesBody: true },
  readFlow: { method: 'GET', path: '/flows/:id', takesQuery: true },
  replaceFlow: { method: 'PUT', path: '/flows/:id', takesBody: true },
  removeFlow: { method: 'DELETE', path: '/flows/:id' },
  deployFlow: { method: 'POST', path: '/flows/:id/deploy' },
  moveSecretToCredential: { method: 'POST', path: '/flows/:id/credentials/from_mapping', takesBody: true },
  listFlowFields: { method: 'GET', path: '/flows/:id/fields' },
  countFieldUsage: { method: 'GET', path: '/flows/:id/fields/usage', takesQuery: true },
  listDrafts: { method: 'GET', path: '/drafts' },
  readDraft: { method: 'GET', path: '/flows/:id/draft', takesQuery: true },
  replaceDraft: { method: 'PUT', path: '/flows/:id/draft', takesBody: true },
  discardDraft: { method: 'DELETE', path: '/flows/:id/draft', takesQuery: true },
  publishDraft: { method: 'POST', path: '/flows/:id/draft/publish', takesBody: true },
  listRevisions: { method: 'GET', path: '/flows/:id/revisions', takesQuery: true },
  readRevision: { method: 'GET', path: '/flows/:id/revisions/:revision', takesQuery: true },
  revertFlow: { method: 'POST', path: '/flows/:id/revisions/:revision/revert' },
  evaluateFlow: { method: 'POST', path: '/flows/:id/evaluate', takesBody: true },
  listTestLeads: { method: 'GET', path: '/flows/:id/test_leads' },
  createTestLead: { method: 'POST', path: '/flows/:id/test_leads', takesBody: true },
  replaceTestLead: { method: 'PUT', path: '/flows/:id/test_leads/:test_id', takesBody: true },
  removeTestLead: { method: 'DELETE', path: '/flows/:id/test_leads/:test_id' },
  runTestLeads: { method: 'POST', path: '/flows/:id/test_leads/run', takesBody: true },
  replayFlow: { method: 'POST', path: '/flows/:id/replay', takesBody: true },
  readSourceMeta: { method: 'GET', path: '/flows/:flow_id/sources/:source_id/meta' },
  testStep: { method: 'POST', path: '/flows/:flow_id/sources/:source_id/test_step', takesBody: true },
  listPostingLinks: { method: 'GET', path: '/flows/:flow_id/sources/:source_id/posting_links' },
  createPostingLink: { method: 'POST', path: '/flows/:flow_id/sources/:source_id/posting_links', takesBody: true },
  replacePostingLink: { method: 'PUT', path: '/flows/:flow_id/sources/:source_id/posting_links/:link_id', takesBody: true },
  revokePostingLink: { method: 'DELETE', path: '/flows/:flow_id/sources/:source_id/posting_links/:link_id' },
  readPosting: { method: 'GET', path: '/submission/:token.json' },
  readPostingMarkdown: { method: 'GET', path: '/submission/:token.md' },
  readPostingOpenApi: { method: 'GET', path: '/submission/:token/openapi.json' },
  readPostingPostman: { method: 'GET', path: '/submission/:token/postman.json' },
  readPostingTemplate: { method: 'GET', path: '/submission/:token/template.csv' },
  tryPosting: { method: 'POST', path: '/submission/:token/try', takesBody: true },
  listDestinations: { method: 'GET', path: '/destinations', takesQuery: true },
  createDestination: { method: 'POST', path: '/destinations', takesBody: true },
  readDestination: { method: 'GET', path: '/destinations/:id' },
  replaceDestination: { method: 'PUT', path: '/destinations/:id', takesBody: true },
  removeDestination: { method: 'DELETE', path: '/destinations/:id' },
  rotateDestinationSecret: { method: 'POST', path: '/destinations/:id/rotate_secret' },
  listRouters: { method: 'GET', path: '/routers' },
  createRouter: { method: 'POST', path: '/routers', takesBody: true },
  readRouter: { method: 'GET', path: '/routers/:id' },
  replaceRouter: { method: 'PUT', path: '/routers/:id', takesBody: true },
  listEntities: { method: 'GET', path: '/entities' },
  createEntity: { method: 'POST', path: '/entities', takesBody: true },
  readEntity: { method: 'GET', path: '/entities/:id' },
  replaceEntity: { method: 'PUT', path: '/entities/:id', takesBody: true },
  removeEntity: { method: 'DELETE', path: '/entities/:id' },
  listPricingServices: { method: 'GET', path: '/pricing_services' },
  createPricingService: { method: 'POST', path: '/pricing_services', takesBody: true },
  readPricingService: { method: 'GET', path: '/pricing_services/:id' },
  replacePricingService: { method: 'PUT', path: '/pricing_services/:id', takesBody: true },
  removePricingService: { method: 'DELETE', path: '/pricing_services/:id' },
  listPricingServiceUses: { method: 'GET', path: '/pricing_services/:id/uses' },
  rotatePricingServiceSecret: { method: 'POST', path: '/pricing_services/:id/rotate_secret' },
  testPricingService: { method: 'POST', path: '/pricing_services/:id/test', takesBody: true },
  listCredentials: { method: 'GET', path: '/credentials' },
  listCredentialTypes: { method: 'GET', path: '/credential_types' },
  createCredential: { method: 'POST', path: '/credentials', takesBody: true },
  readCredential: { method: 'GET', path: '/credentials/:id' },
  replaceCredential: { method: 'PUT', path: '/credentials/:id', takesBody: true },
  removeCredential: { method: 'DELETE', path: '/credentials/:id' },
  listCredentialUses: { method: 'GET', path: '/credentials/:id/uses' },
  testCredential: { method: 'POST', path: '/credentials/:id/test', takesBody: true },
  listBatches: { method: 'GET', path: '/batches' },
  createBatch: { method: 'POST', path: '/batches', takesBody: true },
  readBatch: { method: 'GET', path: '/batches/:id' },
  replaceBatch: { method: 'PUT', path: '/batches/:id', takesBody: true },
  removeBatch: { method: 'DELETE', path: '/batches/:id', takesQuery: true },
  deliverBatch: { method: 'POST', path: '/batches/:id/deliver', takesBody: true },
  listBatchFiles: { method: 'GET', path: '/batches/:id/files', takesQuery: true },
  readBatchFile: { method: 'GET', path: '/batches/:id/files/:file_id', takesQuery: true },
  resendBatchFile: { method: 'POST', path: '/batches/:id/files/:file_id/resend', takesBody: true },
  evaluateRules: { method: 'POST', path: '/rules/evaluate', takesBody: true },
  renderTemplate: { method: 'POST', path: '/templates/render', takesBody: true },
  listEvents: { method: 'GET', path: '/events', takesQuery: true, pagesBy: 'id' },
  searchEvents: { method: 'POST', path: '/events', takesBody: true },
  readEvent: { method: 'GET', path: '/events/:id' },
  listExports: { method: 'GET', path: '/exports', takesQuery: true },
  createExport: { method: 'POST', path: '/exports', takesBody: true },
  readExport: { method: 'GET', path: '/exports/:id' },
  removeExport: { method: 'DELETE', path: '/exports/:id' },
  readStatistics: { method: 'GET', path: '/events/stats', takesQuery: true },
  readLatencies: { method: 'GET', path: '/events/latencies', takesQuery: true },
  readFlowFunnel: { method: 'GET', path: '/flows/:id/funnel', takesQuery: true },
  countEvents: { method: 'GET', path: '/events/event-metrics/count', takesQuery: true },
  askHowManyEvents: { method: 'POST', path: '/events/event-metrics/count', takesBody: true },
  countUniqueValues: { method: 'GET', path: '/events/event-metrics/count_unique', takesQuery: true },
  askHowManyValues: { method: 'POST', path: '/events/event-metrics/count_unique', takesBody: true },
  selectUniqueValues: { method: 'GET', path: '/events/event-metrics/select_unique', takesQuery: true },
  askForUniqueValues: { method: 'POST', path: '/events/event-metrics/select_unique', takesBody: true },
  readMedian: { method: 'GET', path: '/events/event-metrics/median', takesQuery: true },
  askForMedian: { method: 'POST', path: '/events/event-metrics/median', takesBody: true },
  countFunnel: { method: 'GET', path: '/events/event-metrics/funnel', takesQuery: true },
  askForFunnel: { method: 'POST', path: '/events/event-metrics/funnel', takesBody: true },
  listReports: { method: 'GET', path: '/reports' },
  createReport: { method: 'POST', path: '/reports', takesBody: true },
  previewReport: { method: 'POST', path: '/reports/preview', takesBody: true },
  readSharedReport: { method: 'GET', path: '/reports/shared/:token', takesQuery: true },
  readSharedReportCsv: { method: 'GET', path: '/reports/shared/:token.csv', takesQuery: true },
  readSharedReportMarkdown: { method: 'GET', path: '/reports/shared/:token.md', takesQuery: true },
  readReport: { method: 'GET', path: '/reports/:id' },
  replaceReport: { method: 'PUT', path: '/reports/:id', takesBody: true },
  removeReport: { method: 'DELETE', path: '/reports/:id' },
  copyReport: { method: 'POST', path: '/reports/:id/copy', takesBody: true },
  runReport: { method: 'GET', path: '/reports/:id/run', takesQuery: true },
  shareReport: { method: 'POST', path: '/reports/:id/share', takesBody: true },
  unshareReport: { method: 'DELETE', path: '/reports/:id/share' },
  listViews: { method: 'GET', path: '/views', takesQuery: true },
  createView: { method: 'POST', path: '/views', takesBody: true },
  replaceView: { method: 'PUT', path: '/views/:id', takesBody: true },
  removeView: { method: 'DELETE', path: '/views/:id' },
  listEventReasons: { method: 'GET', path: '/events/reasons', takesQuery: true },
  listLeadReasons: { method: 'GET', path: '/leads/reasons', takesQuery: true },
  listProblems: { method: 'GET', path: '/problems', takesQuery: true },
  readProblem: { method: 'GET', path: '/problems/:id' },
  markProblem: { method: 'PATCH', path: '/problems/:id', takesBody: true },
  retryProblem: { method: 'POST', path: '/problems/:id/retry', takesBody: true },
  verifyFirehose: { method: 'GET', path: '/firehose', takesQuery: true },
  listFirehoseStates: { method: 'GET', path: '/firehose/state', takesQuery: true },
  recoverFirehose: { method: 'POST', path: '/firehose/recover', takesBody: true },
  listHolds: { method: 'GET', path: '/privacy/holds' },
  createHold: { method: 'POST', path: '/privacy/holds', takesBody: true },
  releaseHold: { method: 'DELETE', path: '/privacy/holds/:id' },
  erase: { method: 'POST', path: '/privacy/erase', takesBody: true },
  exportPerson: { method: 'POST', path: '/privacy/export', takesBody: true },
  listReceipts: { method: 'GET', path: '/privacy/receipts' },
  readReceipt: { method: 'GET', path: '/privacy/receipts/:id' },
  readReceiptKey: { method: 'GET', path: '/privacy/receipt_key' },
  verifyReceipt: { method: 'POST', path: '/privacy/receipts/verify', takesBody: true },
  listWebhooks: { method: 'GET', path: '/webhooks' },
  createWebhook: { method: 'POST', path: '/webhooks', takesBody: true },
  readWebhook: { method: 'GET', path: '/webhooks/:id' },
  replaceWebhook: { method: 'PUT', path: '/webhooks/:id', takesBody: true },
  removeWebhook: { method: 'DELETE', path: '/webhooks/:id' },
  rotateWebhookSecret: { method: 'POST', path: '/webhooks/:id/secret' },
  testWebhook: { method: 'POST', path: '/webhooks/:id/test', takesBody: true },
  readWebhookState: { method: 'GET', path: '/webhooks/:id/state' },
  recoverWebhook: { method: 'POST', path: '/webhooks/:id/recover', takesBody: true },
  listLeads: { method: 'GET', path: '/leads', takesQuery: true, pagesBy: 'id' },
  resubmitLeads: { method: 'POST', path: '/leads/resubmit', takesBody: true },
  readLead: { method: 'GET', path: '/leads/:id', takesQuery: true },
  explainLead: { method: 'GET', path: '/leads/:id/explain', takesQuery: true },
  revealLead: { method: 'POST', path: '/leads/:id/reveal' },
  searchLeads: { method: 'GET', path: '/search/leads', takesQuery: true },
  importLeadFile: { method: 'POST', path: '/leads/imports', takesBody: true, takesFile: true, takesQuery: true },
  readLeadImport: { method: 'GET', path: '/leads/imports/:id' },
  changeLeadImport: { method: 'PUT', path: '/leads/imports/:id', takesBody: true },
  startLeadImport: { method: 'POST', path: '/leads/imports/:id/start', takesBody: true },
  listRetries: { method: 'GET', path: '/retries', takesQuery: true, pagesBy: 'id' },
  readRetry: { method: 'GET', path: '/retries/:id' },
  runRetry: { method: 'POST', path: '/retries/:id/run' },
  cancelRetry: { method: 'POST', path: '/retries/:id/cancel' },
  listUnknowns: { method: 'GET', path: '/unknowns', takesQuery: true, pagesBy: 'event_id' },
  resolveUnknownDelivery: { method: 'POST', path: '/unknowns/:event_id/resolve', takesBody: true },
  listReturns: { method: 'GET', path: '/returns', takesQuery: true, pagesBy: 'id' },
  readReturn: { method: 'GET', path: '/returns/:id' },
  acceptReturn: { method: 'POST', path: '/returns/:id/accept', takesBody: true },
  declineReturn: { method: 'POST', path: '/returns/:id/decline', takesBody: true },
  sendFeedback: { method: 'POST', path: '/leads/:id/feedback', takesBody: true },
  importFeedbackFile: { method: 'POST', path: '/feedback/imports', takesBody: true, takesFile: true, takesQuery: true },
  readFeedbackImport: { method: 'GET', path: '/feedback/imports/:id' },
  listJobs: { method: 'GET', path: '/jobs', takesQuery: true },
  readJob: { method: 'GET', path: '/jobs/:id' },
  cancelJob: { method: 'POST', path: '/jobs/:id/cancel' },
  pauseJob: { method: 'POST', path: '/jobs/:id/pause' },
  resumeJob: { method: 'POST', path: '/jobs/:id/resume' },
  listPings: { method: 'GET', path: '/pings', takesQuery: true, pagesBy: 'id' },
  readPingStats: { method: 'GET', path: '/pings/stats', takesQuery: true },
  readPing: { method: 'GET', path: '/pings/:id' },
  listCaps: { method: 'GET', path: '/caps', takesQuery: true },
  readCap: { method: 'GET', path: '/caps/:id' },
  listCapWindows: { method: 'GET', path: '/caps/:id/windows' },
  changeCapCount: { method: 'POST', path: '/caps/:id/count', takesBody: true },
  changeCapWindow: { method: 'PUT', path: '/caps/:id/window', takesBody: true },
  listPingLimits: { method: 'GET', path: '/ping_limits', takesQuery: true },
  readPingLimit: { method: 'GET', path: '/ping_limits/:id' },
  changePingLimitCount: { method: 'POST', path: '/ping_limits/:id/count', takesBody: true },
  changePingLimitWindow: { method: 'PUT', path: '/ping_limits/:id/window', takesBody: true },
  readCapAlerts: { method: 'GET', path: '/account/cap_alerts' },
  replaceCapAlerts: { method: 'PUT', path: '/account/cap_alerts', takesBody: true },
  removeCapAlerts: { method: 'DELETE', path: '/account/cap_alerts' },
  rotateCapAlertSecret: { method: 'POST', path: '/account/cap_alerts/rotate_secret' },
  testCapAlert: { method: 'POST', path: '/account/cap_alerts/test' },
  listLists: { method: 'GET', path: '/lists' },
  createList: { method: 'POST', path: '/lists', takesBody: true },
  readList: { method: 'GET', path: '/lists/:list' },
  replaceList: { method: 'PUT', path: '/lists/:list', takesBody: true },
  removeList: { method: 'DELETE', path: '/lists/:list' },
  listListUses: { method: 'GET', path: '/lists/:list/uses' },
  addListItems: { method: 'POST', path: '/lists/:list/items', takesBody: true, takesQuery: true },
  removeListItems: { method: 'DELETE', path: '/lists/:list/items', takesBody: true },
  lookUpListItem: { method: 'GET', path: '/exists/:list/:value' },
  importListFile: { method: 'POST', path: '/lists/:list/imports', takesBody: true, takesFile: true, takesQuery: true },
  listRecipientHealth: { method: 'GET', path: '/recipients/health' },
  closeCircuit: { method: 'POST', path: '/recipients/:id/close_circuit' },
  listFields: { method: 'GET', path: '/fields', takesQuery: true },
  createField: { method: 'POST', path: '/fields', takesBody: true },
  readField: { method: 'GET', path: '/fields/:id' },
  replaceField: { method: 'PUT', path: '/fields/:id', takesBody: true },
  removeField: { method: 'DELETE', path: '/fields/:id' },
  readAccount: { method: 'GET', path: '/account' },
  changeAccount: { method: 'PUT', path: '/account', takesBody: true },
  listPeriods: { method: 'GET', path: '/account/retention' },
  readMailSettings: { method: 'GET', path: '/account/mail' },
  testMail: { method: 'POST', path: '/account/mail/test' },
  signIn: { method: 'POST', path: '/session', takesBody: true },
  readSession: { method: 'GET', path: '/session' },
  signOut: { method: 'DELETE', path: '/session' },
  readOwnUser: { method: 'GET', path: '/user' },
  changeOwnUser: { method: 'PUT', path: '/user', takesBody: true },
  changeOwnPassword: { method: 'PUT', path: '/user/password', takesBody: true },
  readOwnSettings: { method: 'GET', path: '/user/settings' },
  replaceOwnSettings: { method: 'PUT', path: '/user/settings', takesBody: true },
  listOwnSessions: { method: 'GET', path: '/user/sessions' },
  removeOwnSession: { method: 'DELETE', path: '/user/sessions/:id' },
  beginSecondFactor: { method: 'POST', path: '/user/second_factor', takesBody: true },
  confirmSecondFactor: { method: 'POST', path: '/user/second_factor/confirm', takesBody: true },
  removeSecondFactor: { method: 'POST', path: '/user/second_factor/remove', takesBody: true },
  listUsers: { method: 'GET', path: '/users' },
  inviteUser: { method: 'POST', path: '/users', takesBody: true },
  readUser: { method: 'GET', path: '/users/:id' },
  changeUser: { method: 'PUT', path: '/users/:id', takesBody: true },
  removeUser: { method: 'DELETE', path: '/users/:id' },
  inviteUserAgain: { method: 'POST', path: '/users/:id/invite' },
  removeUserSecondFactor: { method: 'DELETE', path: '/users/:id/second_factor' },
  listRoles: { method: 'GET', path: '/roles' },
  readInvitation: { method: 'POST', path: '/invitations/read', takesBody: true },
  acceptInvitation: { method: 'POST', path: '/invitations/accept', takesBody: true },
  readWelcome: { method: 'POST', path: '/welcome/read', takesBody: true },
  acceptWelcome: { method: 'POST', path: '/welcome/accept', takesBody: true },
  listPackages: { method: 'GET', path: '/packages' },
  readPackage: { method: 'GET', path: '/packages/:id' },
  listModules: { method: 'GET', path: '/modules', takesQuery: true },
  readModule: { method: 'GET', path: '/modules/:id' },
  listTypes: { method: 'GET', path: '/types' },
  listApiKeys: { method: 'GET', path: '/api_keys' },
  createApiKey: { method: 'POST', path: '/api_keys', takesBody: true },
  readApiKey: { method: 'GET', path: '/api_keys/:id' },
  listApiKeyRequests: { method: 'GET', path: '/api_keys/:id/requests', takesQuery: true, pagesBy: 'id' },
  rotateApiKey: { method: 'POST', path: '/api_keys/:id/rotate', takesBody: true },
  revokeApiKey: { method: 'DELETE', path: '/api_keys/:id' },
  listActivity: { method: 'GET', path: '/activity', takesQuery: true, pagesBy: 'id' },
  readActivity: { method: 'GET', path: '/activity/:id' },
  listChangelogs: { method: 'GET', path: '/changelogs', takesQuery: true, pagesBy: 'id' },
  readChangelog: { method: 'GET', path: '/changelogs/:id' },
  readFlowSchema: { method: 'GET', path: '/schemas/flow.json' },
  readOpenApi: { method: 'GET', path: '/openapi.json' },
  readStatus: { method: 'GET', path: '/status' },
  readLiveness: { method: 'GET', path: '/livez' },
  readReadiness: { method: 'GET', path: '/readyz' },
  readMetrics: { method: 'GET', path: '/metrics' },
  submitLead: { method: 'POST', path: '/flows/:flow_id/sources/:source_id/submit', takesBody: true },
  pingSource: { method: 'POST', path: '/flows/:flow_id/sources/:source_id/ping', takesBody: true },
  submitToRouter: { method: 'POST', path: '/routers/:router_id/submit', takesBody: true },
  pingRouter: { method: 'POST', path: '/routers/:router_id/ping', takesBody: true },
  receiveFeedback: { method: 'POST', path: '/feedback', takesBody: true },
} as const;

/** A method of a paged list: one page, or with `each` all entries, page after page. */
export interface PagedCall<Query, Entry, Params extends string[] = []> {
  (...given: [...params: Params, query?: Query, options?: CallOptions]): Promise<Entry[]>;
  each(...given: [...params: Params, query?: Query, options?: CallOptions]): AsyncIterable<Entry>;
}

/** A method for every route: parameters of the path, the body, the query, options. */
export interface Calls {
  /** `GET /flows`: All flows as saved. `include` or `exclude` picks properties; `warnings` only by `include`. */
  listFlows(query?: ListFlowsQuery, options?: CallOptions): Promise<PickedFlow[]>;
  /** `POST /flows`: Saves a new flow; an `id` of your own may be given. Not live before a deploy. */
  createFlow(body: Flow, options?: CallOptions): Promise<SavedFlow>;
  /** `PUT /flows`: Saves an array of complete flows with ids, all or none. */
  replaceAllFlows(body: unknown, options?: CallOptions): Promise<SavedFlow[]>;
  /** `GET /flows/:id`: One flow as saved, with `errors`, [`warnings`](lint.md) and revisions. */
  readFlow(id: string, query?: ReadFlowQuery, options?: CallOptions): Promise<PickedFlow>;
  /** `PUT /flows/:id`: Saves the next revision; 409 where the `revision` of the body, or `If-Match`, is not the saved one. */
  replaceFlow(id: string, body: Flow, options?: CallOptions): Promise<SavedFlow>;
  /** `DELETE /flows/:id`: Deletes a flow and answers it as it was; leads get 404 from then on. Takes `If-Match`. */
  removeFlow(id: string, options?: CallOptions): Promise<SavedFlow>;
  /** `POST /flows/:id/deploy`: Makes the last saved revision the one leads run on; takes `If-Match`. */
  deployFlow(id: string, options?: CallOptions): Promise<Deployed>;
  /** `POST /flows/:id/credentials/from_mapping`: Stores the secret of a mapping as a credential, and saves the flow with a reference in its place. */
  moveSecretToCredential(id: string, body: SecretOfMapping, options?: CallOptions): Promise<MovedSecret>;
  /** `GET /flows/:id/fields`: The flow’s fields in its order. */
  listFlowFields(id: string, options?: CallOptions): Promise<Field[]>;
  /** `GET /flows/:id/fields/usage`: Per field, how many leads came with it in `timeframe`: `today`, `yesterday`, `this_N_<units>`, `previous_N_<units>`. Counted at the source event, seconds after it; times that cut a quarter of an hour are read lead by lead. */
  countFieldUsage(id: string, query?: CountFieldUsageQuery, options?: CallOptions): Promise<Record<string, number>>;
  /** `GET /drafts`: Which flows have a draft, who saved it last and when. */
  listDrafts(options?: CallOptions): Promise<ListedFlowDraft[]>;
  /** `GET /flows/:id/draft`: The draft of a flow, with what keeps it from being published and what it changes. */
  readDraft(id: string, query?: ReadDraftQuery, options?: CallOptions): Promise<FlowDraft>;
  /** `PUT /flows/:id/draft`: Keeps a draft; a flow has one, for all who may change it. Leads are not touched. */
  replaceDraft(id: string, body: GivenFlowDraft, options?: CallOptions): Promise<FlowDraft>;
  /** `DELETE /flows/:id/draft`: Discards the draft and answers it as it was. */
  discardDraft(id: string, query?: DiscardDraftQuery, options?: CallOptions): Promise<FlowDraft>;
  /** `POST /flows/:id/draft/publish`: Saves the draft as the next revision and makes leads run on it, both or neither; the draft is gone. */
  publishDraft(id: string, body: PublishingOfDraft, options?: CallOptions): Promise<SavedFlow>;
  /** `GET /flows/:id/revisions`: The saved revisions of a flow, newest first, each with what it changed. */
  listRevisions(id: string, query?: ListRevisionsQuery, options?: CallOptions): Promise<FlowRevision[]>;
  /** `GET /flows/:id/revisions/:revision`: One revision: its document, and what differs from another one. */
  readRevision(id: string, revision: string, query?: ReadRevisionQuery, options?: CallOptions): Promise<WholeFlowRevision>;
  /** `POST /flows/:id/revisions/:revision/revert`: Saves an earlier revision as the next one. Leads run on what is deployed until the next deploy. */
  revertFlow(id: string, revision: string, options?: CallOptions): Promise<SavedFlow>;
  /** `POST /flows/:id/evaluate`: What would become of a submission: the answer, the events and the explanation. Writes and sends nothing. */
  evaluateFlow(id: string, body: Simulation, options?: CallOptions): Promise<Evaluation>;
  /** `GET /flows/:id/test_leads`: The test leads of a flow, by name. Values are hidden without `personal_data.read`. */
  listTestLeads(id: string, options?: CallOptions): Promise<TestLead[]>;
  /** `POST /flows/:id/test_leads`: Saves one. A flow has at most 100. */
  createTestLead(id: string, body: GivenTestLead, options?: CallOptions): Promise<TestLead>;
  /** `PUT /flows/:id/test_leads/:test_id`: Replaces it. */
  replaceTestLead(id: string, test_id: string, body: GivenTestLead, options?: CallOptions): Promise<TestLead>;
  /** `DELETE /flows/:id/test_leads/:test_id`: Deletes it. */
  removeTestLead(id: string, test_id: string, options?: CallOptions): Promise<TestLead>;
  /** `POST /flows/:id/test_leads/run`: What would become of each test lead, and whether that is what is expected. Writes and sends nothing. */
  runTestLeads(id: string, body: TestLeadRun, options?: CallOptions): Promise<TestLeadResults>;
  /** `POST /flows/:id/replay`: What would become of the last leads on the draft, beside what becomes of them on what runs now. */
  replayFlow(id: string, body: GivenReplay, options?: CallOptions): Promise<Replay>;
  /** `GET /flows/:flow_id/sources/:source_id/meta`: What a sender must know to submit to a source. */
  readSourceMeta(flow_id: string, source_id: string, options?: CallOptions): Promise<SourceMeta>;
  /** `POST /flows/:flow_id/sources/:source_id/test_step`: Sends mapped data to an integration and returns the result; 404 without a body while it is off. */
  testStep(flow_id: string, source_id: string, body: StepTest, options?: CallOptions): Promise<TestedStep>;
  /** `GET /flows/:flow_id/sources/:source_id/posting_links`: The links to the posting page of a source, oldest first, with their URLs. */
  listPostingLinks(flow_id: string, source_id: string, options?: CallOptions): Promise<PostingLink[]>;
  /** `POST /flows/:flow_id/sources/:source_id/posting_links`: Makes one. Everybody with its URL may read how to post to this source, and nothing else. */
  createPostingLink(flow_id: string, source_id: string, body: GivenPostingLink, options?: CallOptions): Promise<PostingLink>;
  /** `PUT /flows/:flow_id/sources/:source_id/posting_links/:link_id`: Changes what it shows; its URL stays. */
  replacePostingLink(flow_id: string, source_id: string, link_id: string, body: GivenPostingLink, options?: CallOptions): Promise<PostingLink>;
  /** `DELETE /flows/:flow_id/sources/:source_id/posting_links/:link_id`: Revokes it: its URL opens nothing any more. */
  revokePostingLink(flow_id: string, source_id: string, link_id: string, options?: CallOptions): Promise<PostingLink>;
  /** `GET /submission/:token.json`: How to post leads to a source, for everybody who has the link. */
  readPosting(token: string, options?: CallOptions): Promise<PostingPage>;
  /** `GET /submission/:token.md`: The same as Markdown. */
  readPostingMarkdown(token: string, options?: CallOptions): Promise<string>;
  /** `GET /submission/:token/openapi.json`: The submit URL of the source alone as OpenAPI 3.1. */
  readPostingOpenApi(token: string, options?: CallOptions): Promise<Record<string, unknown>>;
  /** `GET /submission/:token/postman.json`: A lead in each format as a collection of Postman. */
  readPostingPostman(token: string, options?: CallOptions): Promise<Record<string, unknown>>;
  /** `GET /submission/:token/template.csv`: The parameters as the head of a CSV file, with a sample below. */
  readPostingTemplate(token: string, options?: CallOptions): Promise<string>;
  /** `POST /submission/:token/try`: What would become of a lead with these values. Sends, counts and stores nothing. */
  tryPosting(token: string, body: PostingTry, options?: CallOptions): Promise<PostingTried>;
  /** `GET /destinations`: The destinations of the account; `include=flow_usages` says which flows use each. */
  listDestinations(query?: ListDestinationsQuery, options?: CallOptions): Promise<UsedDestination[]>;
  /** `POST /destinations`: Makes one; only this answer has its `secret`. */
  createDestination(body: GivenDestination, options?: CallOptions): Promise<DestinationWithSecret>;
  /** `GET /destinations/:id`: One of them, by its instance id. */
  readDestination(id: string, options?: CallOptions): Promise<Destination>;
  /** `PUT /destinations/:id`: Replaces it, but for actions that a flow names; flows follow at once. */
  replaceDestination(id: string, body: GivenDestination, options?: CallOptions): Promise<Destination>;
  /** `DELETE /destinations/:id`: Deletes it, unless a flow names it, as saved or as it runs. */
  removeDestination(id: string, options?: CallOptions): Promise<Destination>;
  /** `POST /destinations/:id/rotate_secret`: Gives it a new `secret`, which only this answer has. */
  rotateDestinationSecret(id: string, options?: CallOptions): Promise<DestinationWithSecret>;
  /** `GET /routers`: The routers of the account, oldest first. */
  listRouters(options?: CallOptions): Promise<Router[]>;
  /** `POST /routers`: Makes one, which takes leads at once. */
  createRouter(body: GivenRouter, options?: CallOptions): Promise<Router>;
  /** `GET /routers/:id`: One of them. */
  readRouter(id: string, options?: CallOptions): Promise<Router>;
  /** `PUT /routers/:id`: Replaces it; leads follow at once. */
  replaceRouter(id: string, body: GivenRouter, options?: CallOptions): Promise<Router>;
  /** `GET /entities`: The senders and recipients of the account, by name. */
  listEntities(options?: CallOptions): Promise<AccountEntity[]>;
  /** `POST /entities`: Makes one. Saving a flow makes those that it names, too. */
  createEntity(body: NewEntity, options?: CallOptions): Promise<AccountEntity>;
  /** `GET /entities/:id`: One of them. */
  readEntity(id: string, options?: CallOptions): Promise<AccountEntity>;
  /** `PUT /entities/:id`: Replaces it; flows keep the name they were saved with. */
  replaceEntity(id: string, body: ChangedEntity, options?: CallOptions): Promise<AccountEntity>;
  /** `DELETE /entities/:id`: Deletes it, unless a flow names it, as saved or as it runs. */
  removeEntity(id: string, options?: CallOptions): Promise<AccountEntity>;
  /** `GET /pricing_services`: The pricing services of the account, by name. */
  listPricingServices(options?: CallOptions): Promise<PricingServiceOfAccount[]>;
  /** `POST /pricing_services`: Makes one; only this answer has its `secret`. */
  createPricingService(body: GivenPricingService, options?: CallOptions): Promise<PricingServiceWithSecret>;
  /** `GET /pricing_services/:id`: One of them. */
  readPricingService(id: string, options?: CallOptions): Promise<PricingServiceOfAccount>;
  /** `PUT /pricing_services/:id`: Replaces it; flows follow at once, and the secret stays. */
  replacePricingService(id: string, body: GivenPricingService, options?: CallOptions): Promise<PricingServiceOfAccount>;
  /** `DELETE /pricing_services/:id`: Deletes it, unless a flow names it, as saved or as it runs. */
  removePricingService(id: string, options?: CallOptions): Promise<PricingServiceOfAccount>;
  /** `GET /pricing_services/:id/uses`: The flows that name it, as saved or as they run; while there are any it is not deleted. */
  listPricingServiceUses(id: string, options?: CallOptions): Promise<FlowWithPricingService[]>;
  /** `POST /pricing_services/:id/rotate_secret`: Gives it a new `secret`, which only this answer has. */
  rotatePricingServiceSecret(id: string, options?: CallOptions): Promise<PricingServiceWithSecret>;
  /** `POST /pricing_services/:id/test`: Asks it once, of no lead, and says what it answered. */
  testPricingService(id: string, body: PricingServiceTest, options?: CallOptions): Promise<TestedPricingService>;
  /** `GET /credentials`: The stored credentials of the account, by name, without their secrets. */
  listCredentials(options?: CallOptions): Promise<Credential[]>;
  /** `GET /credential_types`: The types of credentials, and what each consists of. */
  listCredentialTypes(options?: CallOptions): Promise<CredentialType[]>;
  /** `POST /credentials`: Stores one; its secrets are encrypted and no answer has them. */
  createCredential(body: GivenCredential, options?: CallOptions): Promise<Credential>;
  /** `GET /credentials/:id`: One of them. */
  readCredential(id: string, options?: CallOptions): Promise<Credential>;
  /** `PUT /credentials/:id`: Replaces it; secrets that are null or absent stay as they are. */
  replaceCredential(id: string, body: GivenCredential, options?: CallOptions): Promise<Credential>;
  /** `DELETE /credentials/:id`: Deletes it, unless a flow or a pricing service names it, as saved or as it runs. */
  removeCredential(id: string, options?: CallOptions): Promise<Credential>;
  /** `GET /credentials/:id/uses`: Where flows, as saved and as they run, and pricing services name it. */
  listCredentialUses(id: string, options?: CallOptions): Promise<CredentialUse[]>;
  /** `POST /credentials/:id/test`: Fetches a token, asks a URL or logs in to the mail server with it, and says whether that worked. */
  testCredential(id: string, body: CredentialTest, options?: CallOptions): Promise<TestedCredential>;
  /** `GET /batches`: The batches of the account, by name. */
  listBatches(options?: CallOptions): Promise<Batch[]>;
  /** `POST /batches`: Makes one. */
  createBatch(body: GivenBatch, options?: CallOptions): Promise<Batch>;
  /** `GET /batches/:id`: One of them, with the rows and files that wait; a deleted one as long as it has files. */
  readBatch(id: string, options?: CallOptions): Promise<Batch>;
  /** `PUT /batches/:id`: Replaces it; rows that wait become files as it says then. */
  replaceBatch(id: string, body: GivenBatch, options?: CallOptions): Promise<Batch>;
  /** `DELETE /batches/:id`: Deletes it, unless a flow names it, as saved or as it runs, or rows of it wait. */
  removeBatch(id: string, query?: RemoveBatchQuery, options?: CallOptions): Promise<Batch>;
  /** `POST /batches/:id/deliver`: Delivers what waits now, whatever its schedule and also when it is off. */
  deliverBatch(id: string, body: BatchDelivery, options?: CallOptions): Promise<Batch>;
  /** `GET /batches/:id/files`: The files of a batch, newest first. */
  listBatchFiles(id: string, query?: ListBatchFilesQuery, options?: CallOptions): Promise<BatchFile[]>;
  /** `GET /batches/:id/files/:file_id`: One file with the leads that are in it. */
  readBatchFile(id: string, file_id: string, query?: ReadBatchFileQuery, options?: CallOptions): Promise<BatchFileWithLeads>;
  /** `POST /batches/:id/files/:file_id/resend`: Sends a file again, to the target that the batch has now. */
  resendBatchFile(id: string, file_id: string, body: BatchFileResending, options?: CallOptions): Promise<BatchFile>;
  /** `POST /rules/evaluate`: One rule set against given variables, rule by rule. */
  evaluateRules(body: RulesTrial, options?: CallOptions): Promise<RulesVerdict>;
  /** `POST /templates/render`: One template with given variables; a fault comes with line, column and snippet. */
  renderTemplate(body: TemplateTrial, options?: CallOptions): Promise<RenderedTemplate>;
  /** `GET /events`: A page of events, newest first; filtered by query parameters. */
  listEvents: PagedCall<ListEventsQuery, PickedEvent>;
  /** `POST /events`: The same with the question in the body. */
  searchEvents(body: EventSearch, options?: CallOptions): Promise<PickedEvent[]>;
  /** `GET /events/:id`: One event with its variables, request and response. */
  readEvent(id: string, options?: CallOptions): Promise<Event>;
  /** `GET /exports`: Exports of the account that have not expired, newest first. */
  listExports(query?: ListExportsQuery, options?: CallOptions): Promise<Export[]>;
  /** `POST /exports`: Writes events or leads of a range into a file, as a job of the same id. */
  createExport(body: NewExport, options?: CallOptions): Promise<Export>;
  /** `GET /exports/:id`: One export: how it stands, and who has downloaded it. */
  readExport(id: string, options?: CallOptions): Promise<Export>;
  /** `DELETE /exports/:id`: Deletes an export with its file; its job is cancelled. */
  removeExport(id: string, options?: CallOptions): Promise<Export>;
  /** `GET /events/stats`: Counts of leads or events and money in a time frame, by columns, groups and intervals. */
  readStatistics(query?: ReadStatisticsQuery, options?: CallOptions): Promise<StatisticsRow[]>;
  /** `GET /events/latencies`: How long deliveries to recipients took, or leads of flows and sources: the median and the 95th percentile. */
  readLatencies(query?: ReadLatenciesQuery, options?: CallOptions): Promise<Latencies>;
  /** `GET /flows/:id/funnel`: How many leads reached each phase and each step of a flow in a time frame, and how many left there. */
  readFlowFunnel(id: string, query?: ReadFlowFunnelQuery, options?: CallOptions): Promise<FlowFunnel>;
  /** `GET /events/event-metrics/count`: How many events there are. */
  countEvents(query?: CountEventsQuery, options?: CallOptions): Promise<{
  result: number | {
    result: number;
    [name: string]: unknown;
  }[] | {
    timeframe: {
      start: string;
      end: string;
    };
    value: number | {
      result: number;
      [name: string]: unknown;
    }[];
  }[];
}>;
  /** `POST /events/event-metrics/count`: The same with the question in the body. */
  askHowManyEvents(body: {
  timeframe?: unknown;
  timezone?: unknown;
  time_zone?: unknown;
  filters?: unknown;
  interval?: unknown;
  group_by?: unknown;
}, options?: CallOptions): Promise<{
  result: number | {
    result: number;
    [name: string]: unknown;
  }[] | {
    timeframe: {
      start: string;
      end: string;
    };
    value: number | {
      result: number;
      [name: string]: unknown;
    }[];
  }[];
}>;
  /** `GET /events/event-metrics/count_unique`: How many different values of `target_property` events have. */
  countUniqueValues(query?: CountUniqueValuesQuery, options?: CallOptions): Promise<{
  result: number | {
    result: number;
    [name: string]: unknown;
  }[] | {
    timeframe: {
      start: string;
      end: string;
    };
    value: number | {
      result: number;
      [name: string]: unknown;
    }[];
  }[];
}>;
  /** `POST /events/event-metrics/count_unique`: The same with the question in the body. */
  askHowManyValues(body: {
  timeframe?: unknown;
  timezone?: unknown;
  time_zone?: unknown;
  filters?: unknown;
  interval?: unknown;
  group_by?: unknown;
  target_property?: unknown;
}, options?: CallOptions): Promise<{
  result: number | {
    result: number;
    [name: string]: unknown;
  }[] | {
    timeframe: {
      start: string;
      end: string;
    };
    value: number | {
      result: number;
      [name: string]: unknown;
    }[];
  }[];
}>;
  /** `GET /events/event-metrics/select_unique`: The different values of `target_property`, the first 1,000 of them. */
  selectUniqueValues(query?: SelectUniqueValuesQuery, options?: CallOptions): Promise<{
  result: string[] | {
    result: string[];
    [name: string]: unknown;
  }[] | {
    timeframe: {
      start: string;
      end: string;
    };
    value: string[] | {
      result: string[];
      [name: string]: unknown;
    }[];
  }[];
}>;
  /** `POST /events/event-metrics/select_unique`: The same with the question in the body. */
  askForUniqueValues(body: {
  timeframe?: unknown;
  timezone?: unknown;
  time_zone?: unknown;
  filters?: unknown;
  interval?: unknown;
  group_by?: unknown;
  target_property?: unknown;
}, options?: CallOptions): Promise<{
  result: string[] | {
    result: string[];
    [name: string]: unknown;
  }[] | {
    timeframe: {
      start: string;
      end: string;
    };
    value: string[] | {
      result: string[];
      [name: string]: unknown;
    }[];
  }[];
}>;
  /** `GET /events/event-metrics/median`: The median of the numbers of `target_property`, such as `total_ms`; null: no event has one. */
  readMedian(query?: ReadMedianQuery, options?: CallOptions): Promise<{
  result: number | null | {
    result: number | null;
    [name: string]: unknown;
  }[] | {
    timeframe: {
      start: string;
      end: string;
    };
    value: number | null | {
      result: number | null;
      [name: string]: unknown;
    }[];
  }[];
}>;
  /** `POST /events/event-metrics/median`: The same with the question in the body. */
  askForMedian(body: {
  timeframe?: unknown;
  timezone?: unknown;
  time_zone?: unknown;
  filters?: unknown;
  interval?: unknown;
  group_by?: unknown;
  target_property?: unknown;
  max_age?: unknown;
}, options?: CallOptions): Promise<{
  result: number | null | {
    result: number | null;
    [name: string]: unknown;
  }[] | {
    timeframe: {
      start: string;
      end: string;
    };
    value: number | null | {
      result: number | null;
      [name: string]: unknown;
    }[];
  }[];
}>;
  /** `GET /events/event-metrics/funnel`: How many leads have an event of each step, of those that have one of every step before it. */
  countFunnel(query?: CountFunnelQuery, options?: CallOptions): Promise<{
  /** Who passes each step, of those who passed the ones before it. */
  result: number[];
  steps: unknown[];
}>;
  /** `POST /events/event-metrics/funnel`: The same with the question in the body. */
  askForFunnel(body: {
  timeframe?: unknown;
  timezone?: unknown;
  time_zone?: unknown;
  filters?: unknown;
  steps?: unknown;
}, options?: CallOptions): Promise<{
  /** Who passes each step, of those who passed the ones before it. */
  result: number[];
  steps: unknown[];
}>;
  /** `GET /reports`: The reports that every account has, then its own by name. */
  listReports(options?: CallOptions): Promise<Report[]>;
  /** `POST /reports`: Saves one. */
  createReport(body: GivenReport, options?: CallOptions): Promise<Report>;
  /** `POST /reports/preview`: Runs a report that is not saved; `start`, `end` and `compare` may be in it. */
  previewReport(body: ReportPreview, options?: CallOptions): Promise<ReportRow[]>;
  /** `GET /reports/shared/:token`: The rows of a shared report, for everybody who has the link. */
  readSharedReport(token: string, query?: ReadSharedReportQuery, options?: CallOptions): Promise<ReportRow[]>;
  /** `GET /reports/shared/:token.csv`: The same rows as a CSV file. */
  readSharedReportCsv(token: string, query?: ReadSharedReportCsvQuery, options?: CallOptions): Promise<string>;
  /** `GET /reports/shared/:token.md`: The page of a shared report as Markdown, with at most 500 rows. */
  readSharedReportMarkdown(token: string, query?: ReadSharedReportMarkdownQuery, options?: CallOptions): Promise<string>;
  /** `GET /reports/:id`: One of them. */
  readReport(id: string, options?: CallOptions): Promise<Report>;
  /** `PUT /reports/:id`: Replaces it; its link ends. */
  replaceReport(id: string, body: GivenReport, options?: CallOptions): Promise<Report>;
  /** `DELETE /reports/:id`: Deletes it, with its link and its schedule. */
  removeReport(id: string, options?: CallOptions): Promise<Report>;
  /** `POST /reports/:id/copy`: Saves a copy, without link and schedule; also of those that every account has. */
  copyReport(id: string, body: ReportCopy, options?: CallOptions): Promise<Report>;
  /** `GET /reports/:id/run`: Runs it, in its own time frame unless the question names one. */
  runReport(id: string, query?: RunReportQuery, options?: CallOptions): Promise<ReportRow[]>;
  /** `POST /reports/:id/share`: Makes a link that needs no login; only this answer has its `token`. */
  shareReport(id: string, body: ReportSharing, options?: CallOptions): Promise<SharedReport>;
  /** `DELETE /reports/:id/share`: Ends its link. */
  unshareReport(id: string, options?: CallOptions): Promise<Report>;
  /** `GET /views`: The views that every account has, then one’s own and those that are shared, by name. */
  listViews(query?: ListViewsQuery, options?: CallOptions): Promise<View[]>;
  /** `POST /views`: Saves one. */
  createView(body: GivenView, options?: CallOptions): Promise<View>;
  /** `PUT /views/:id`: Replaces it. */
  replaceView(id: string, body: GivenView, options?: CallOptions): Promise<View>;
  /** `DELETE /views/:id`: Deletes it. */
  removeView(id: string, options?: CallOptions): Promise<View>;
  /** `GET /events/reasons`: Events by reason: how often each kind of reason occurred, the most frequent first. */
  listEventReasons(query?: ListEventReasonsQuery, options?: CallOptions): Promise<EventReasons>;
  /** `GET /leads/reasons`: Leads by the reason that their sources were answered, the most frequent first. */
  listLeadReasons(query?: ListLeadReasonsQuery, options?: CallOptions): Promise<LeadReasons>;
  /** `GET /problems`: What fails again and again: failures of the last 30 days by flow, place and kind of reason. */
  listProblems(query?: ListProblemsQuery, options?: CallOptions): Promise<FailureProblems>;
  /** `GET /problems/:id`: One of them, with a few of its failures and what is probably wrong. */
  readProblem(id: string, options?: CallOptions): Promise<FailureProblemDetails>;
  /** `PATCH /problems/:id`: Acknowledges, mutes, resolves or opens a problem, or notes something about it. */
  markProblem(id: string, body: ProblemMark, options?: CallOptions): Promise<FailureProblemDetails>;
  /** `POST /problems/:id/retry`: Tries the leads of a problem again: a delivery that has a retry is made again, other leads go through their flow again. Counts them unless `preview` is false. */
  retryProblem(id: string, body: ProblemRetry, options?: CallOptions): Promise<ProblemRetried>;
  /** `GET /firehose`: Tries the buckets of a firehose: opens them with their credentials and writes a file. */
  verifyFirehose(query?: VerifyFirehoseQuery, options?: CallOptions): Promise<FirehoseVerification>;
  /** `GET /firehose/state`: What waits for each bucket, what has arrived, and why it takes nothing. */
  listFirehoseStates(query?: ListFirehoseStatesQuery, options?: CallOptions): Promise<FirehoseState[]>;
  /** `POST /firehose/recover`: Sends again what was set aside, and tries buckets that fail at once. */
  recoverFirehose(body: FirehoseRecovery, options?: CallOptions): Promise<FirehoseRecovered>;
  /** `GET /privacy/holds`: Legal holds of the account. */
  listHolds(options?: CallOptions): Promise<LegalHold[]>;
  /** `POST /privacy/holds`: Keeps leads from being deleted, by retention and by erasure. */
  createHold(body: NewLegalHold, options?: CallOptions): Promise<LegalHold>;
  /** `DELETE /privacy/holds/:id`: Releases a hold: what no other one keeps goes when its period ends. */
  releaseHold(id: string, options?: CallOptions): Promise<LegalHold>;
  /** `POST /privacy/erase`: Erases all values of a person, as a job; or previews it. */
  erase(body: Erasure, options?: CallOptions): Promise<{
  job: Job;
}>;
  /** `POST /privacy/export`: Writes all that is kept about a person into a file, as a job. */
  exportPerson(body: PersonExport, options?: CallOptions): Promise<{
  job: Job;
}>;
  /** `GET /privacy/receipts`: Receipts of erasures, newest first, at most 1 000. */
  listReceipts(options?: CallOptions): Promise<ListedReceipt[]>;
  /** `GET /privacy/receipts/:id`: One receipt. */
  readReceipt(id: string, options?: CallOptions): Promise<ErasureReceipt>;
  /** `GET /privacy/receipt_key`: The public key that receipts are verified with, by anybody. */
  readReceiptKey(options?: CallOptions): Promise<ReceiptKey>;
  /** `POST /privacy/receipts/verify`: Says whether this installation signed the receipt as it is, byte by byte. */
  verifyReceipt(body: ReceiptToVerify, options?: CallOptions): Promise<{
  valid: boolean;
}>;
  /** `GET /webhooks`: The webhooks of the account, by name. */
  listWebhooks(options?: CallOptions): Promise<WebhookOfAccount[]>;
  /** `POST /webhooks`: Makes one; only this answer has its `secret`. */
  createWebhook(body: GivenWebhook, options?: CallOptions): Promise<WebhookWithSecret>;
  /** `GET /webhooks/:id`: One of them. */
  readWebhook(id: string, options?: CallOptions): Promise<WebhookOfAccount>;
  /** `PUT /webhooks/:id`: Replaces it; the secret stays, and it is tried at once. */
  replaceWebhook(id: string, body: GivenWebhook, options?: CallOptions): Promise<WebhookOfAccount>;
  /** `DELETE /webhooks/:id`: Deletes it, with all that waits for it. */
  removeWebhook(id: string, options?: CallOptions): Promise<WebhookOfAccount>;
  /** `POST /webhooks/:id/secret`: Gives it a new `secret`, which only this answer has. */
  rotateWebhookSecret(id: string, options?: CallOptions): Promise<WebhookWithSecret>;
  /** `POST /webhooks/:id/test`: Sends one event, and says what was sent and what the receiver answered. */
  testWebhook(id: string, body: WebhookTest, options?: CallOptions): Promise<TestedWebhook>;
  /** `GET /webhooks/:id/state`: What waits for it, what has arrived, and why it takes nothing. */
  readWebhookState(id: string, options?: CallOptions): Promise<WebhookState>;
  /** `POST /webhooks/:id/recover`: Sends again what was set aside, and tries a receiver that fails at once. */
  recoverWebhook(id: string, body: WebhookRecovery, options?: CallOptions): Promise<WebhookRecovered>;
  /** `GET /leads`: A page of leads without their events. */
  listLeads: PagedCall<ListLeadsQuery, LeadFacts>;
  /** `POST /leads/resubmit`: Sends failed leads through their flows again, each as a new lead; previews what would be sent unless `preview` is false. */
  resubmitLeads(body: Resubmission, options?: CallOptions): Promise<ResubmissionResult | ResubmissionJob>;
  /** `GET /leads/:id`: One lead with its events and why each step decided as it did. */
  readLead(id: string, query?: ReadLeadQuery, options?: CallOptions): Promise<Lead>;
  /** `GET /leads/:id/explain`: Why a lead ended as it did: each phase and step with its rules, the answer, and plain sentences; only those with `Accept: text/plain`. */
  explainLead(id: string, query?: ExplainLeadQuery, options?: CallOptions): Promise<LeadExplanation>;
  /** `POST /leads/:id/reveal`: A lead and its explanation with its values, for a person who looks at it; the activity log has who did. */
  revealLead(id: string, options?: CallOptions): Promise<RevealedLead>;
  /** `GET /search/leads`: Finds leads by names, places, e-mail addresses, phones, references and ids. */
  searchLeads(query?: SearchLeadsQuery, options?: CallOptions): Promise<LeadsFound>;
  /** `POST /leads/imports`: Imports the leads of a CSV file, as a job; 200 with `preview=true`. */
  importLeadFile(body: FileBody, query?: ImportLeadFileQuery, options?: CallOptions): Promise<{
  file: LeadFile;
} | {
  job: Job;
  file: LeadFile;
}>;
  /** `GET /leads/imports/:id`: An import of leads: how its file is read, what the check found, and how far it is. */
  readLeadImport(id: string, options?: CallOptions): Promise<LeadImport>;
  /** `PUT /leads/imports/:id`: Says what columns of an import that waits are submitted as; its file is checked again. */
  changeLeadImport(id: string, body: LeadImportChange, options?: CallOptions): Promise<LeadImport>;
  /** `POST /leads/imports/:id/start`: Submits the rows of an import that waits. One that is paused goes on, at another rate where one is said. */
  startLeadImport(id: string, body: LeadImportStart, options?: CallOptions): Promise<LeadImport>;
  /** `GET /retries`: A page of deliveries that are tried again or were; `status`, `flow_id`, `recipient_id`, `lead_id` pick. */
  listRetries: PagedCall<ListRetriesQuery, ListedRetry>;
  /** `GET /retries/:id`: One of them. */
  readRetry(id: string, options?: CallOptions): Promise<Retry>;
  /** `POST /retries/:id/run`: Makes its next attempt due now; one that has ended goes on. */
  runRetry(id: string, options?: CallOptions): Promise<Retry>;
  /** `POST /retries/:id/cancel`: No further attempt is made. */
  cancelRetry(id: string, options?: CallOptions): Promise<Retry>;
  /** `GET /unknowns`: Deliveries that may have arrived and were never answered; `resolved=true`: those that somebody has resolved. */
  listUnknowns: PagedCall<ListUnknownsQuery, ListedUnknownDelivery>;
  /** `POST /unknowns/:event_id/resolve`: Says what became of one: `{"resolution": "delivered" | "not_delivered", "price", "note", "retry"}`. */
  resolveUnknownDelivery(event_id: string, body: Finding, options?: CallOptions): Promise<UnknownDelivery>;
  /** `GET /returns`: A page of returns; `status=pending`: those that wait for a decision. */
  listReturns: PagedCall<ListReturnsQuery, ListedReturn>;
  /** `GET /returns/:id`: One return with what was delivered and answered. */
  readReturn(id: string, options?: CallOptions): Promise<Return>;
  /** `POST /returns/:id/accept`: Accepts a return that waits for a decision. Where the flow relays feedback, the source is asked first. */
  acceptReturn(id: string, body: ReturnDecision, options?: CallOptions): Promise<Feedback>;
  /** `POST /returns/:id/decline`: Declines a return that waits for a decision. */
  declineReturn(id: string, body: ReturnDecision, options?: CallOptions): Promise<Feedback>;
  /** `POST /leads/:id/feedback`: Sends feedback by lead and recipient, where the id of the delivery’s event is not known. */
  sendFeedback(id: string, body: GivenFeedback, options?: CallOptions): Promise<FeedbackResult>;
  /** `POST /feedback/imports`: Gives the feedback of a CSV file, as a job; 200 with `preview=true`. */
  importFeedbackFile(body: FileBody, query?: ImportFeedbackFileQuery, options?: CallOptions): Promise<{
  file: FeedbackFile;
} | {
  job: Job;
  file: FeedbackFile;
}>;
  /** `GET /feedback/imports/:id`: An import of feedback: how far it is, and why rows have failed. */
  readFeedbackImport(id: string, options?: CallOptions): Promise<FeedbackImport>;
  /** `GET /jobs`: Jobs of the account, newest first. */
  listJobs(query?: ListJobsQuery, options?: CallOptions): Promise<Job[]>;
  /** `GET /jobs/:id`: One job: how far it is, and what came of it. */
  readJob(id: string, options?: CallOptions): Promise<Job>;
  /** `POST /jobs/:id/cancel`: Cancels a job: 200 when it had not begun, 202 when it runs and stops soon. */
  cancelJob(id: string, options?: CallOptions): Promise<Job>;
  /** `POST /jobs/:id/pause`: Pauses a job: 200 when it is paused, 202 when it runs and pauses soon. */
  pauseJob(id: string, options?: CallOptions): Promise<Job>;
  /** `POST /jobs/:id/resume`: Puts a paused job into the queue again: it goes on where it paused. */
  resumeJob(id: string, options?: CallOptions): Promise<Job>;
  /** `GET /pings`: A page of pings, newest first; they are kept for 35 days. */
  listPings: PagedCall<ListPingsQuery, PingFacts>;
  /** `GET /pings/stats`: Counts of pings by source and hour or day, newest first, with how many led to a lead. */
  readPingStats(query?: ReadPingStatsQuery, options?: CallOptions): Promise<PingStats[]>;
  /** `GET /pings/:id`: One ping: why it ended so, and the lead that has its price. */
  readPing(id: string, options?: CallOptions): Promise<Ping>;
  /** `GET /caps`: The caps of deployed flows that leads asked for a place in the window that runs, with their counters. */
  listCaps(query?: ListCapsQuery, options?: CallOptions): Promise<CapCounter[]>;
  /** `GET /caps/:id`: One cap of a deployed flow with its counter in the window that runs. */
  readCap(id: string, options?: CallOptions): Promise<CapCounter>;
  /** `GET /caps/:id/windows`: How the last windows of a cap ended, the latest first. */
  listCapWindows(id: string, options?: CallOptions): Promise<CapWindow[]>;
  /** `POST /caps/:id/count`: Sets the count of the window that runs, or adds to it; returns the new state. */
  changeCapCount(id: string, body: {
  /** The new count: whole, or dollars of a revenue cap. */
  set?: number;
  /** Added to the count, which never falls below 0. */
  add?: number;
}, options?: CallOptions): Promise<CapCounter>;
  /** `PUT /caps/:id/window`: Gives the window that runs a maximum of its own, or takes it away; returns the new state. */
  changeCapWindow(id: string, body: {
  /** Until the window ends: whole, or dollars of a revenue cap. null: the flow’s. */
  maximum: number | null;
}, options?: CallOptions): Promise<CapCounter>;
  /** `GET /ping_limits`: The ping limits of deployed flows that pings asked for a place in the window that runs. */
  listPingLimits(query?: ListPingLimitsQuery, options?: CallOptions): Promise<PingLimitCounter[]>;
  /** `GET /ping_limits/:id`: One ping limit of a deployed flow with its counter in the window that runs. */
  readPingLimit(id: string, options?: CallOptions): Promise<PingLimitCounter>;
  /** `POST /ping_limits/:id/count`: Sets the count of the window that runs, or adds to it; returns the new state. */
  changePingLimitCount(id: string, body: {
  /** The new count: whole, or dollars of a revenue cap. */
  set?: number;
  /** Added to the count, which never falls below 0. */
  add?: number;
}, options?: CallOptions): Promise<PingLimitCounter>;
  /** `PUT /ping_limits/:id/window`: Gives the window that runs a maximum of its own, or takes it away; returns the new state. */
  changePingLimitWindow(id: string, body: {
  /** Until the window ends: whole, or dollars of a revenue cap. null: the flow’s. */
  maximum: number | null;
}, options?: CallOptions): Promise<PingLimitCounter>;
  /** `GET /account/cap_alerts`: Where alerts of caps go, from which thresholds on, and what became of the last ones. */
  readCapAlerts(options?: CallOptions): Promise<CapAlertsWithRecent>;
  /** `PUT /account/cap_alerts`: Sets where alerts of caps go; only the answer that makes it (201) has its `secret`. */
  replaceCapAlerts(body: GivenCapAlerts, options?: CallOptions): Promise<CapAlerts | CapAlertsWithSecret>;
  /** `DELETE /account/cap_alerts`: Ends the alerts; those that were not received yet are given up. */
  removeCapAlerts(options?: CallOptions): Promise<CapAlerts>;
  /** `POST /account/cap_alerts/rotate_secret`: Gives the alerts a new `secret`, which only this answer has. */
  rotateCapAlertSecret(options?: CallOptions): Promise<CapAlertsWithSecret>;
  /** `POST /account/cap_alerts/test`: Sends one alert of no cap, and says what the receiver answered. */
  testCapAlert(options?: CallOptions): Promise<TestedCapAlert>;
  /** `GET /lists`: The lists of the account, by name. */
  listLists(options?: CallOptions): Promise<List[]>;
  /** `POST /lists`: Makes a list; without a `type` one of texts and MD5s. */
  createList(body: NewList, options?: CallOptions): Promise<List>;
  /** `GET /lists/:list`: One list. */
  readList(list: string, options?: CallOptions): Promise<List>;
  /** `PUT /lists/:list`: Renames a list, or changes its TTL. */
  replaceList(list: string, body: ChangedList, options?: CallOptions): Promise<List>;
  /** `DELETE /lists/:list`: Deletes a list with its entries, unless a flow checks it, as saved or as it runs. */
  removeList(list: string, options?: CallOptions): Promise<List>;
  /** `GET /lists/:list/uses`: The flows that check the list, as they are saved or as they run. */
  listListUses(list: string, options?: CallOptions): Promise<{
  id: string;
  name?: string;
}[]>;
  /** `POST /lists/:list/items`: Enters values; those that are on the list are added again. */
  addListItems(list: string, body: {
  values: string | (string | number)[];
  /** When they were added, ISO 8601, not later than now; absent: now. */
  timestamp?: string;
}, query?: AddListItemsQuery, options?: CallOptions): Promise<{
  accepted: number;
  rejected: number;
}>;
  /** `DELETE /lists/:list/items`: Takes values off a list; those that are on none of the lists are counted as rejected. */
  removeListItems(list: string, body: {
  values: string | (string | number)[];
}, options?: CallOptions): Promise<{
  deleted: number;
  rejected: number;
}>;
  /** `GET /exists/:list/:value`: Is the value on one of the lists? 200 when it is, 404 with `"found": false` when it is on none. */
  lookUpListItem(list: string, value: string, options?: CallOptions): Promise<ListItemFound>;
  /** `POST /lists/:list/imports`: Enters the values of a CSV or text file, as a job; 200 with `preview=true`. */
  importListFile(list: string, body: FileBody, query?: ImportListFileQuery, options?: CallOptions): Promise<{
  file: ImportedFile;
} | {
  job: Job;
  file: ImportedFile;
}>;
  /** `GET /recipients/health`: How each server process sees the recipients it sent to in the last minute: requests under way and waiting, errors, the circuit ([deliveries](../guides/deliveries.md#when-a-recipient-is-slow-or-away)). */
  listRecipientHealth(options?: CallOptions): Promise<RecipientHealth[]>;
  /** `POST /recipients/:id/close_circuit`: Closes the circuits to a recipient in every process within two seconds; 409 when none is open. */
  closeCircuit(id: string, options?: CallOptions): Promise<RecipientHealth[]>;
  /** `GET /fields`: Standard and own fields; with `flow_id` those of a flow. */
  listFields(query?: ListFieldsQuery, options?: CallOptions): Promise<Field[]>;
  /** `POST /fields`: Makes a field of your own. */
  createField(body: NewField, options?: CallOptions): Promise<Field>;
  /** `GET /fields/:id`: One field. */
  readField(id: string, options?: CallOptions): Promise<Field>;
  /** `PUT /fields/:id`: Changes a field of your own. */
  replaceField(id: string, body: ChangedField, options?: CallOptions): Promise<Field>;
  /** `DELETE /fields/:id`: Deletes a field of your own; 202 when flows still use it. */
  removeField(id: string, options?: CallOptions): Promise<Field>;
  /** `GET /account`: The account. */
  readAccount(options?: CallOptions): Promise<Account>;
  /** `PUT /account`: Changes the account; what is left out stays. */
  changeAccount(body: ChangedAccount, options?: CallOptions): Promise<Account>;
  /** `GET /account/retention`: What is kept for how long: all of the database, with the periods of the account. */
  listPeriods(options?: CallOptions): Promise<KeptPeriod[]>;
  /** `GET /account/mail`: The mail server that alerts, reports and notices of exports are sent by. */
  readMailSettings(options?: CallOptions): Promise<InstallationMail>;
  /** `POST /account/mail/test`: Sends one message to the user who asks, and says whether the mail server took it. */
  testMail(options?: CallOptions): Promise<TestedMail>;
  /** `POST /session`: Signs a user in; the answer sets the session’s cookie. */
  signIn(body: SignIn, options?: CallOptions): Promise<Session>;
  /** `GET /session`: Who is signed in, what they may do, and the CSRF token. */
  readSession(options?: CallOptions): Promise<Session>;
  /** `DELETE /session`: Signs out. */
  signOut(options?: CallOptions): Promise<Record<string, never>>;
  /** `GET /user`: The user who is signed in. */
  readOwnUser(options?: CallOptions): Promise<User>;
  /** `PUT /user`: Changes one’s own name. */
  changeOwnUser(body: ChangedOwnUser, options?: CallOptions): Promise<User>;
  /** `PUT /user/password`: Changes one’s own password. */
  changeOwnPassword(body: PasswordChange, options?: CallOptions): Promise<Session>;
  /** `GET /user/settings`: What the console keeps for the user; an empty object at first. */
  readOwnSettings(options?: CallOptions): Promise<UserSettings>;
  /** `PUT /user/settings`: Replaces what the console keeps for the user. */
  replaceOwnSettings(body: UserSettings, options?: CallOptions): Promise<UserSettings>;
  /** `GET /user/sessions`: Where one is signed in. */
  listOwnSessions(options?: CallOptions): Promise<OwnSession[]>;
  /** `DELETE /user/sessions/:id`: Signs oneself out in another browser. */
  removeOwnSession(id: string, options?: CallOptions): Promise<Record<string, never>>;
  /** `POST /user/second_factor`: Begins to set up a second factor (TOTP); nothing changes until it is confirmed. */
  beginSecondFactor(body: SecondFactorBeginning, options?: CallOptions): Promise<SecondFactorEnrolment>;
  /** `POST /user/second_factor/confirm`: Switches the second factor on with a first code; returns the recovery codes. */
  confirmSecondFactor(body: SecondFactorCode, options?: CallOptions): Promise<SecondFactorConfirmed>;
  /** `POST /user/second_factor/remove`: Switches one’s own second factor off. */
  removeSecondFactor(body: SecondFactorRemoval, options?: CallOptions): Promise<Session>;
  /** `GET /users`: The users of the account. */
  listUsers(options?: CallOptions): Promise<User[]>;
  /** `POST /users`: Adds a user; returns the link that lets the person set a password. */
  inviteUser(body: NewUser, options?: CallOptions): Promise<InvitedUser>;
  /** `GET /users/:id`: One user. */
  readUser(id: string, options?: CallOptions): Promise<User>;
  /** `PUT /users/:id`: Changes the role of a user, or whether it may sign in. */
  changeUser(id: string, body: ChangedUser, options?: CallOptions): Promise<User>;
  /** `DELETE /users/:id`: Removes a user; the answer is the user as it was. */
  removeUser(id: string, options?: CallOptions): Promise<User>;
  /** `POST /users/:id/invite`: A new link for a user who lost the first one, or the password; earlier links end. */
  inviteUserAgain(id: string, options?: CallOptions): Promise<InvitedUser>;
  /** `DELETE /users/:id/second_factor`: Switches off the second factor of a user who lost it; ends the user’s sessions. */
  removeUserSecondFactor(id: string, options?: CallOptions): Promise<User>;
  /** `GET /roles`: What each role may do, and what each permission opens. */
  listRoles(options?: CallOptions): Promise<RoleList>;
  /** `POST /invitations/read`: Whom an invitation link is for. */
  readInvitation(body: InvitationToken, options?: CallOptions): Promise<Invitation>;
  /** `POST /invitations/accept`: Sets the password of the user an invitation link is for, and uses the link up. */
  acceptInvitation(body: AcceptedInvitation, options?: CallOptions): Promise<User>;
  /** `POST /welcome/read`: Which account a welcome link is for. */
  readWelcome(body: WelcomeToken, options?: CallOptions): Promise<Welcome>;
  /** `POST /welcome/accept`: Adds the first owner of an account and signs that person in; the answer sets the session’s cookie. */
  acceptWelcome(body: AcceptedWelcome, options?: CallOptions): Promise<Session>;
  /** `GET /packages`: The integration packages, built in or installed. */
  listPackages(options?: CallOptions): Promise<Package[]>;
  /** `GET /packages/:id`: One of them, with its modules. */
  readPackage(id: string, options?: CallOptions): Promise<PackageWithModules>;
  /** `GET /modules`: The modules flows can use, with the variables they take and append; `type` and `package` pick. */
  listModules(query?: ListModulesQuery, options?: CallOptions): Promise<Module[]>;
  /** `GET /modules/:id`: One of them. */
  readModule(id: string, options?: CallOptions): Promise<Module>;
  /** `GET /types`: The data types with their components and operators. */
  listTypes(options?: CallOptions): Promise<FieldType[]>;
  /** `GET /api_keys`: The API keys of the account; those that expired or were revoked for 90 days. Never a key itself. */
  listApiKeys(options?: CallOptions): Promise<ApiKey[]>;
  /** `POST /api_keys`: Makes an API key with a role or with permissions; the answer alone shows it. */
  createApiKey(body: NewApiKey, options?: CallOptions): Promise<ShownApiKey>;
  /** `GET /api_keys/:id`: One API key. */
  readApiKey(id: string, options?: CallOptions): Promise<ApiKey>;
  /** `GET /api_keys/:id/requests`: What a key asked for lately, newest first; `status`, `operation` and time pick. */
  listApiKeyRequests: PagedCall<ListApiKeyRequestsQuery, ApiKeyRequest, [id: string]>;
  /** `POST /api_keys/:id/rotate`: Replaces a key by a new one under the same id; the answer alone shows it. */
  rotateApiKey(id: string, body: ApiKeyRotation, options?: CallOptions): Promise<ShownApiKey>;
  /** `DELETE /api_keys/:id`: Ends an API key: at once on this server, within five seconds on others. */
  revokeApiKey(id: string, options?: CallOptions): Promise<ApiKey>;
  /** `GET /activity`: A page of who changed what, newest first; `kind`, `action`, `actor_id`, `subject_id` and time pick. */
  listActivity: PagedCall<ListActivityQuery, Activity>;
  /** `GET /activity/:id`: One change, with the whole document before and after, without secrets. */
  readActivity(id: string, options?: CallOptions): Promise<ActivityDetails>;
  /** `GET /changelogs`: What changed in the configuration, newest first: in words, and place by place. */
  listChangelogs: PagedCall<ListChangelogsQuery, Changelog>;
  /** `GET /changelogs/:id`: One change, with the whole document after it, without secrets. */
  readChangelog(id: string, options?: CallOptions): Promise<WholeChangelog>;
  /** `GET /schemas/flow.json`: The JSON Schema of Flow documents (draft 2020-12), for editors: [flow-document.md](flow-document.md). */
  readFlowSchema(options?: CallOptions): Promise<Record<string, unknown>>;
  /** `GET /openapi.json`: This API as OpenAPI 3.1, complete with errors and examples. */
  readOpenApi(options?: CallOptions): Promise<Record<string, unknown>>;
  /** `GET /status`: That this is a Sluice, its version, and what keeps it from taking leads. */
  readStatus(options?: CallOptions): Promise<Status>;
  /** `GET /livez`: Does the process answer? For supervisors: restart it when it does not. */
  readLiveness(options?: CallOptions): Promise<Liveness>;
  /** `GET /readyz`: Should new leads come here? For load balancers. */
  readReadiness(options?: CallOptions): Promise<Readiness>;
  /** `GET /metrics`: Numbers of this process in the text format of Prometheus. */
  readMetrics(options?: CallOptions): Promise<string>;
  /** `POST /flows/:flow_id/sources/:source_id/submit`: Submits a lead to a source. */
  submitLead(flow_id: string, source_id: string, body: unknown, options?: CallOptions): Promise<SubmitAnswer>;
  /** `POST /flows/:flow_id/sources/:source_id/ping`: Asks what a lead would be paid, without submitting it. */
  pingSource(flow_id: string, source_id: string, body: unknown, options?: CallOptions): Promise<PingAnswer>;
  /** `POST /routers/:router_id/submit`: Submits a lead to the source that a router chooses. */
  submitToRouter(router_id: string, body: unknown, options?: CallOptions): Promise<SubmitAnswer>;
  /** `POST /routers/:router_id/ping`: Asks the source that a router chooses what a lead would be paid. */
  pingRouter(router_id: string, body: unknown, options?: CallOptions): Promise<PingAnswer>;
  /** `POST /feedback`: Takes a recipient’s feedback on a lead. */
  receiveFeedback(body: unknown, options?: CallOptions): Promise<FeedbackAnswer>;
}

/** The query of `listFlows`. */
export type ListFlowsQuery = {
  /** Only these properties. */
  include?: string | readonly string[] | undefined;
  /** All properties but these. */
  exclude?: string | readonly string[] | undefined;
};

/** The query of `readFlow`. */
export type ReadFlowQuery = {
  /** Only these properties. */
  include?: string | readonly string[] | undefined;
  /** All properties but these. */
  exclude?: string | readonly string[] | undefined;
};

/** The query of `countFieldUsage`. */
export type CountFieldUsageQuery = {
  /** `today`, `yesterday`, `this_N_<units>` or `previous_N_<units>`, with units from minutes to years. */
  timeframe?: string | undefined;
};

/** The query of `readDraft`. */
export type ReadDraftQuery = {
  /** The revision that `changes` are against; the one the draft changes unless given. */
  since?: number | undefined;
};

/** The query of `discardDraft`. */
export type DiscardDraftQuery = {
  /** Of the draft that was read; 409 where it has another one. Absent: whatever it has. */
  version?: number | undefined;
};

/** The query of `listRevisions`. */
export type ListRevisionsQuery = {
  /** Only revisions with a smaller number. */
  before?: number | undefined;
  /** Revisions of a page; 20 unless given. */
  limit?: number | undefined;
};

/** The query of `readRevision`. */
export type ReadRevisionQuery = {
  /** The revision it is compared with; the one before it unless given. */
  since?: number | undefined;
};

/** The query of `listDestinations`. */
export type ListDestinationsQuery = {
  /** `flow_usages`: the flows that use each. */
  include?: "flow_usages" | readonly "flow_usages"[] | undefined;
};

/** The query of `removeBatch`. */
export type RemoveBatchQuery = {
  /** `true`: also with rows that were not delivered, which are lost. */
  discard_rows?: boolean | 'true' | 'false' | undefined;
};

/** The query of `listBatchFiles`. */
export type ListBatchFilesQuery = {
  /** Only files in this state. */
  state?: "waiting" | "delivered" | "failed" | undefined;
  /** Goes on after this file of the page before. */
  before_id?: string | undefined;
  /** Files of a page; 25 unless given. */
  limit?: number | undefined;
};

/** The query of `readBatchFile`. */
export type ReadBatchFileQuery = {
  /** Only rows behind this position. */
  after?: number | undefined;
  /** Rows of a page; 25 unless given. */
  limit?: number | undefined;
};

/** The query of `listEvents`. */
export type ListEventsQuery = {
  /** Only entries newer than this one. */
  after_id?: string | undefined;
  /** Only entries older than this one. */
  before_id?: string | undefined;
  /** Only entries from then on: a date or time, UTC unless it has a zone. */
  start?: string | Date | undefined;
  /** Only entries until then; a date is its whole day. */
  end?: string | Date | undefined;
  /** Only entries of these flows. */
  flow_id?: string | readonly string[] | undefined;
  /** Only entries of these sources, by the ids of their entities. */
  source_id?: string | readonly string[] | undefined;
  /** Entries of a page; 100 unless given. */
  limit?: number | undefined;
  /** By age; `desc`, the newest first, unless given. */
  sort?: "asc" | "desc" | undefined;
  /** Only these properties. */
  include?: "id" | "type" | "outcome" | "reason" | "vars" | "host" | "handler_version" | "version" | "module_id" | "package_version" | "step_id" | "key" | "start_timestamp" | "end_timestamp" | "ms" | "wait_ms" | "overhead_ms" | "lag_ms" | "total_ms" | "step_count" | "cost" | "purchase_price" | "offered_price" | "asked_prices" | "sale_price" | "revenue" | "expected_price" | "recipient_revenue" | "distributions" | "distribution" | "cap_reached" | "caps_reached" | "stopped_in" | "resubmitted_from" | "imported" | "ping_id" | "outer_lead" | "inner_lead" | "router" | "unknown" | "not_retried" | "warnings" | "attempt" | "retry_id" | "retry_status" | "recipient_event_id" | "resolution" | "feedback_id" | "feedback_type" | "decided_by" | "feedback" | "interrupted" | "flow_ping_limits" | "source_ping_limits" | "ping_limit_reached" | "firehose" | "expires_at" | "acceptance_criteria" | "flow_acceptance_criteria" | "pricing" | "flow_pricing" | "appended" | "request" | "response" | "transactions" | "caps" | "rule_set" | "mappings" | "credential" | "credential_updated" | "explanation" | readonly ("id" | "type" | "outcome" | "reason" | "vars" | "host" | "handler_version" | "version" | "module_id" | "package_version" | "step_id" | "key" | "start_timestamp" | "end_timestamp" | "ms" | "wait_ms" | "overhead_ms" | "lag_ms" | "total_ms" | "step_count" | "cost" | "purchase_price" | "offered_price" | "asked_prices" | "sale_price" | "revenue" | "expected_price" | "recipient_revenue" | "distributions" | "distribution" | "cap_reached" | "caps_reached" | "stopped_in" | "resubmitted_from" | "imported" | "ping_id" | "outer_lead" | "inner_lead" | "router" | "unknown" | "not_retried" | "warnings" | "attempt" | "retry_id" | "retry_status" | "recipient_event_id" | "resolution" | "feedback_id" | "feedback_type" | "decided_by" | "feedback" | "interrupted" | "flow_ping_limits" | "source_ping_limits" | "ping_limit_reached" | "firehose" | "expires_at" | "acceptance_criteria" | "flow_acceptance_criteria" | "pricing" | "flow_pricing" | "appended" | "request" | "response" | "transactions" | "caps" | "rule_set" | "mappings" | "credential" | "credential_updated" | "explanation")[] | undefined;
  /** All properties but these. */
  exclude?: "id" | "type" | "outcome" | "reason" | "vars" | "host" | "handler_version" | "version" | "module_id" | "package_version" | "step_id" | "key" | "start_timestamp" | "end_timestamp" | "ms" | "wait_ms" | "overhead_ms" | "lag_ms" | "total_ms" | "step_count" | "cost" | "purchase_price" | "offered_price" | "asked_prices" | "sale_price" | "revenue" | "expected_price" | "recipient_revenue" | "distributions" | "distribution" | "cap_reached" | "caps_reached" | "stopped_in" | "resubmitted_from" | "imported" | "ping_id" | "outer_lead" | "inner_lead" | "router" | "unknown" | "not_retried" | "warnings" | "attempt" | "retry_id" | "retry_status" | "recipient_event_id" | "resolution" | "feedback_id" | "feedback_type" | "decided_by" | "feedback" | "interrupted" | "flow_ping_limits" | "source_ping_limits" | "ping_limit_reached" | "firehose" | "expires_at" | "acceptance_criteria" | "flow_acceptance_criteria" | "pricing" | "flow_pricing" | "appended" | "request" | "response" | "transactions" | "caps" | "rule_set" | "mappings" | "credential" | "credential_updated" | "explanation" | readonly ("id" | "type" | "outcome" | "reason" | "vars" | "host" | "handler_version" | "version" | "module_id" | "package_version" | "step_id" | "key" | "start_timestamp" | "end_timestamp" | "ms" | "wait_ms" | "overhead_ms" | "lag_ms" | "total_ms" | "step_count" | "cost" | "purchase_price" | "offered_price" | "asked_prices" | "sale_price" | "revenue" | "expected_price" | "recipient_revenue" | "distributions" | "distribution" | "cap_reached" | "caps_reached" | "stopped_in" | "resubmitted_from" | "imported" | "ping_id" | "outer_lead" | "inner_lead" | "router" | "unknown" | "not_retried" | "warnings" | "attempt" | "retry_id" | "retry_status" | "recipient_event_id" | "resolution" | "feedback_id" | "feedback_type" | "decided_by" | "feedback" | "interrupted" | "flow_ping_limits" | "source_ping_limits" | "ping_limit_reached" | "firehose" | "expires_at" | "acceptance_criteria" | "flow_acceptance_criteria" | "pricing" | "flow_pricing" | "appended" | "request" | "response" | "transactions" | "caps" | "rule_set" | "mappings" | "credential" | "credential_updated" | "explanation")[] | undefined;
  /** Only events of these types. */
  type?: "source" | "recipient" | "filter" | "feedback-received" | "feedback-sent" | "retry" | readonly ("source" | "recipient" | "filter" | "feedback-received" | "feedback-sent" | "retry")[] | undefined;
  /** Only events with these outcomes. */
  outcome?: "success" | "failure" | "error" | "skip" | "continue" | "stop" | readonly ("success" | "failure" | "error" | "skip" | "continue" | "stop")[] | undefined;
  /** Only events of these leads. */
  lead_id?: string | readonly string[] | undefined;
  /** Only events of these recipients, by the ids of their entities. */
  recipient_id?: string | readonly string[] | undefined;
  /** Only events of these steps. */
  step_id?: string | readonly string[] | undefined;
  /** Only entries with exactly this reason. */
  reason?: string | undefined;
  /** Only entries whose reasons have this in common, as `GET /events/reasons` and `GET /leads/reasons` list it. */
  reason_class?: string | undefined;
  /** Rules over the properties of an event, which all must hold: a JSON array. */
  rules?: string | readonly unknown[] | undefined;
  /** `hidden`: without values of leads, also for a caller that may see them. */
  values?: "hidden" | undefined;
};

/** The query of `listExports`. */
export type ListExportsQuery = {
  /** Goes on after this export of the page before. */
  before_id?: string | undefined;
  /** Exports of a page; 25 unless given. */
  limit?: number | undefined;
};

/** The query of `readStatistics`. */
export type ReadStatisticsQuery = {
  /** The types of events whose outcomes are the columns, unless `column` names them; `source` unless given. */
  type?: "source" | "recipient" | "filter" | "feedback-received" | "feedback-sent" | "retry" | readonly ("source" | "recipient" | "filter" | "feedback-received" | "feedback-sent" | "retry")[] | undefined;
  /** Rules over the properties of events, which all must hold; each is JSON: `{"lhv", "op", "rhv"}`. */
  rule?: string | readonly string[] | undefined;
  /** Splits rows: `vars.flow.id`, `vars.source.id`, `vars.recipient.id`, `outcome`, `reason`, `purchase_price`, `sale_price`, or a value such as `vars.lead.state`. */
  group_by?: string | readonly string[] | undefined;
  /** Instead of `start` and `end`: `today`, `yesterday`, `this_N_<units>` or `previous_N_<units>`, such as `this_14_days`. */
  timeframe?: string | undefined;
  /** A date or time, in the time zone of the question unless it has an offset; the start of today unless given. */
  start?: string | undefined;
  /** A date, which is its whole day, or a time, which is included to the second; the end of today unless given. */
  end?: string | undefined;
  /** Splits the time frame; weeks begin on Monday. */
  interval?: "minutely" | "hourly" | "daily" | "weekly" | "monthly" | "yearly" | undefined;
  /** A name, such as `America/New_York`, or seconds east of UTC, such as `-18000`; the account’s unless given. */
  timezone?: string | undefined;
  /** The same as `timezone`. */
  time_zone?: string | undefined;
  /** The source outcomes unless given. */
  column?: "source-submitted" | "source-success" | "source-failure" | "source-error" | "recipient-submitted" | "recipient-success" | "recipient-failure" | "recipient-error" | "return-received-submitted" | "return-received-success" | "return-received-failure" | "return-received-error" | "return-sent-submitted" | "return-sent-success" | "return-sent-failure" | "return-sent-error" | "conversion-received-submitted" | "conversion-received-success" | "conversion-received-failure" | "conversion-received-error" | "conversion-sent-submitted" | "conversion-sent-success" | "conversion-sent-failure" | "conversion-sent-error" | "ping-submitted" | "ping-success" | "bids-asked" | "bids-made" | "bids-won" | "ping-success-rate" | "ping-win-rate" | "cost" | "revenue" | "profit" | "cost-per-conversion-received-success" | "avg-cost-per-lead" | "avg-revenue-per-lead" | readonly ("source-submitted" | "source-success" | "source-failure" | "source-error" | "recipient-submitted" | "recipient-success" | "recipient-failure" | "recipient-error" | "return-received-submitted" | "return-received-success" | "return-received-failure" | "return-received-error" | "return-sent-submitted" | "return-sent-success" | "return-sent-failure" | "return-sent-error" | "conversion-received-submitted" | "conversion-received-success" | "conversion-received-failure" | "conversion-received-error" | "conversion-sent-submitted" | "conversion-sent-success" | "conversion-sent-failure" | "conversion-sent-error" | "ping-submitted" | "ping-success" | "bids-asked" | "bids-made" | "bids-won" | "ping-success-rate" | "ping-win-rate" | "cost" | "revenue" | "profit" | "cost-per-conversion-received-success" | "avg-cost-per-lead" | "avg-revenue-per-lead")[] | undefined;
  /** Deprecated: use a rule. Counts only these outcomes. */
  outcome?: "success" | "failure" | "error" | readonly ("success" | "failure" | "error")[] | undefined;
  /** `true`, unless given: counts leads. `false`: counts events. */
  by_lead?: boolean | 'true' | 'false' | undefined;
  /** Adds to each column what it was in an earlier time frame. */
  compare?: "previous_period" | "previous_week" | "previous_month" | "previous_year" | undefined;
  /** `true`: adds a row with `total` at the end. */
  totals?: boolean | 'true' | 'false' | undefined;
};

/** The query of `readLatencies`. */
export type ReadLatenciesQuery = {
  /** `recipient`, unless given: deliveries. `flow` and `source`: leads, from their arrival to their end. */
  by?: "recipient" | "flow" | "source" | undefined;
  /** Only of these flows. */
  flow_id?: string | readonly string[] | undefined;
  /** Only of leads of these sources. */
  source_id?: string | readonly string[] | undefined;
  /** Only of these recipients; with `by=recipient`. */
  recipient_id?: string | readonly string[] | undefined;
  /** Instead of `start` and `end`: `today`, `yesterday`, `this_N_<units>` or `previous_N_<units>`, such as `this_14_days`. */
  timeframe?: string | undefined;
  /** A date or time, in the time zone of the question unless it has an offset; the start of today unless given. */
  start?: string | undefined;
  /** A date, which is its whole day, or a time, which is included to the second; the end of today unless given. */
  end?: string | undefined;
  /** A name, such as `America/New_York`, or seconds east of UTC, such as `-18000`; the account’s unless given. */
  timezone?: string | undefined;
  /** The same as `timezone`. */
  time_zone?: string | undefined;
};

/** The query of `readFlowFunnel`. */
export type ReadFlowFunnelQuery = {
  /** Instead of `start` and `end`: `today`, `yesterday`, `this_N_<units>` or `previous_N_<units>`, such as `this_14_days`. */
  timeframe?: string | undefined;
  /** A date or time, in the time zone of the question unless it has an offset; the start of today unless given. */
  start?: string | undefined;
  /** A date, which is its whole day, or a time, which is included to the second; the end of today unless given. */
  end?: string | undefined;
  /** A name, such as `America/New_York`, or seconds east of UTC, such as `-18000`; the account’s unless given. */
  timezone?: string | undefined;
  /** The same as `timezone`. */
  time_zone?: string | undefined;
};

/** The query of `countEvents`. */
export type CountEventsQuery = {
  /** `today`, `yesterday`, `this_N_<units>`, `previous_N_<units>`, or `{"start", "end"}` as JSON, both included; today unless given. */
  timeframe?: string | undefined;
  /** A name, such as `America/New_York`, or seconds east of UTC, such as `-18000`; the account’s unless given. */
  timezone?: string | undefined;
  /** The same as `timezone`. */
  time_zone?: string | undefined;
  /** Rules over the properties of events, which all must hold, as a JSON array of `{"lhv", "op", "rhv"}`. */
  filters?: string | readonly unknown[] | undefined;
  /** Splits the time frame; weeks begin on Monday. */
  interval?: "minutely" | "hourly" | "daily" | "weekly" | "monthly" | "yearly" | undefined;
  /** Properties of events, such as `vars.flow.id`. */
  group_by?: string | readonly string[] | undefined;
};

/** The query of `countUniqueValues`. */
export type CountUniqueValuesQuery = {
  /** `today`, `yesterday`, `this_N_<units>`, `previous_N_<units>`, or `{"start", "end"}` as JSON, both included; today unless given. */
  timeframe?: string | undefined;
  /** A name, such as `America/New_York`, or seconds east of UTC, such as `-18000`; the account’s unless given. */
  timezone?: string | undefined;
  /** The same as `timezone`. */
  time_zone?: string | undefined;
  /** Rules over the properties of events, which all must hold, as a JSON array of `{"lhv", "op", "rhv"}`. */
  filters?: string | readonly unknown[] | undefined;
  /** Splits the time frame; weeks begin on Monday. */
  interval?: "minutely" | "hourly" | "daily" | "weekly" | "monthly" | "yearly" | undefined;
  /** Properties of events, such as `vars.flow.id`. */
  group_by?: string | readonly string[] | undefined;
  /** The property whose values are looked at. */
  target_property?: string | undefined;
};

/** The query of `selectUniqueValues`. */
export type SelectUniqueValuesQuery = {
  /** `today`, `yesterday`, `this_N_<units>`, `previous_N_<units>`, or `{"start", "end"}` as JSON, both included; today unless given. */
  timeframe?: string | undefined;
  /** A name, such as `America/New_York`, or seconds east of UTC, such as `-18000`; the account’s unless given. */
  timezone?: string | undefined;
  /** The same as `timezone`. */
  time_zone?: string | undefined;
  /** Rules over the properties of events, which all must hold, as a JSON array of `{"lhv", "op", "rhv"}`. */
  filters?: string | readonly unknown[] | undefined;
  /** Splits the time frame; weeks begin on Monday. */
  interval?: "minutely" | "hourly" | "daily" | "weekly" | "monthly" | "yearly" | undefined;
  /** Properties of events, such as `vars.flow.id`. */
  group_by?: string | readonly string[] | undefined;
  /** The property whose values are looked at. */
  target_property?: string | undefined;
};

/** The query of `readMedian`. */
export type ReadMedianQuery = {
  /** `today`, `yesterday`, `this_N_<units>`, `previous_N_<units>`, or `{"start", "end"}` as JSON, both included; today unless given. */
  timeframe?: string | undefined;
  /** A name, such as `America/New_York`, or seconds east of UTC, such as `-18000`; the account’s unless given. */
  timezone?: string | undefined;
  /** The same as `timezone`. */
  time_zone?: string | undefined;
  /** Rules over the properties of events, which all must hold, as a JSON array of `{"lhv", "op", "rhv"}`. */
  filters?: string | readonly unknown[] | undefined;
  /** Splits the time frame; weeks begin on Monday. */
  interval?: "minutely" | "hourly" | "daily" | "weekly" | "monthly" | "yearly" | undefined;
  /** Properties of events, such as `vars.flow.id`. */
  group_by?: string | readonly string[] | undefined;
  /** The property whose values are looked at. */
  target_property?: string | undefined;
  /** Seconds that the answer may be old; taken for other clients: answers are never older. */
  max_age?: number | undefined;
};

/** The query of `countFunnel`. */
export type CountFunnelQuery = {
  /** `today`, `yesterday`, `this_N_<units>`, `previous_N_<units>`, or `{"start", "end"}` as JSON, both included; today unless given. */
  timeframe?: string | undefined;
  /** A name, such as `America/New_York`, or seconds east of UTC, such as `-18000`; the account’s unless given. */
  timezone?: string | undefined;
  /** The same as `timezone`. */
  time_zone?: string | undefined;
  /** Rules over the properties of events, which all must hold, as a JSON array of `{"lhv", "op", "rhv"}`. */
  filters?: string | readonly unknown[] | undefined;
  /** A JSON array of `{"filters", "actor_property", "timeframe", "inverted"}`. */
  steps?: string | readonly unknown[] | undefined;
};

/** The query of `readSharedReport`. */
export type ReadSharedReportQuery = {
  /** Instead of `start` and `end`: `today`, `yesterday`, `this_N_<units>` or `previous_N_<units>`, such as `this_14_days`. */
  timeframe?: string | undefined;
  /** A date or time, in the time zone of the question unless it has an offset; the start of today unless given. */
  start?: string | undefined;
  /** A date, which is its whole day, or a time, which is included to the second; the end of today unless given. */
  end?: string | undefined;
};

/** The query of `readSharedReportCsv`. */
export type ReadSharedReportCsvQuery = {
  /** Instead of `start` and `end`: `today`, `yesterday`, `this_N_<units>` or `previous_N_<units>`, such as `this_14_days`. */
  timeframe?: string | undefined;
  /** A date or time, in the time zone of the question unless it has an offset; the start of today unless given. */
  start?: string | undefined;
  /** A date, which is its whole day, or a time, which is included to the second; the end of today unless given. */
  end?: string | undefined;
};

/** The query of `readSharedReportMarkdown`. */
export type ReadSharedReportMarkdownQuery = {
  /** Instead of `start` and `end`: `today`, `yesterday`, `this_N_<units>` or `previous_N_<units>`, such as `this_14_days`. */
  timeframe?: string | undefined;
  /** A date or time, in the time zone of the question unless it has an offset; the start of today unless given. */
  start?: string | undefined;
  /** A date, which is its whole day, or a time, which is included to the second; the end of today unless given. */
  end?: string | undefined;
};

/** The query of `runReport`. */
export type RunReportQuery = {
  /** Instead of `start` and `end`: `today`, `yesterday`, `this_N_<units>` or `previous_N_<units>`, such as `this_14_days`. */
  timeframe?: string | undefined;
  /** A date or time, in the time zone of the question unless it has an offset; the start of today unless given. */
  start?: string | undefined;
  /** A date, which is its whole day, or a time, which is included to the second; the end of today unless given. */
  end?: string | undefined;
  /** Splits the time frame; weeks begin on Monday. */
  interval?: "minutely" | "hourly" | "daily" | "weekly" | "monthly" | "yearly" | undefined;
  /** A name, such as `America/New_York`, or seconds east of UTC, such as `-18000`; the account’s unless given. */
  timezone?: string | undefined;
  /** The same as `timezone`. */
  time_zone?: string | undefined;
  /** Adds to each column what it was in an earlier time frame. */
  compare?: "previous_period" | "previous_week" | "previous_month" | "previous_year" | undefined;
  /** `false`: rows have no `events`. */
  links?: boolean | 'true' | 'false' | undefined;
};

/** The query of `listViews`. */
export type ListViewsQuery = {
  /** Only views of this list. */
  section?: "leads" | "events" | undefined;
};

/** The query of `listEventReasons`. */
export type ListEventReasonsQuery = {
  /** Only what happened from then on; seven days before the end unless given. To the quarter of an hour. */
  start?: string | Date | undefined;
  /** Only what happened until then; now unless given. To the quarter of an hour. */
  end?: string | Date | undefined;
  /** Only entries of these flows. */
  flow_id?: string | readonly string[] | undefined;
  /** Only entries of these sources, by the ids of their entities. */
  source_id?: string | readonly string[] | undefined;
  /** Groups of the answer, the most frequent ones first; 100 unless given. */
  limit?: number | undefined;
  /** Only events of these types. */
  type?: "source" | "recipient" | "filter" | "feedback-received" | "feedback-sent" | "retry" | readonly ("source" | "recipient" | "filter" | "feedback-received" | "feedback-sent" | "retry")[] | undefined;
  /** Only events with these outcomes. */
  outcome?: "success" | "failure" | "error" | "skip" | "continue" | "stop" | readonly ("success" | "failure" | "error" | "skip" | "continue" | "stop")[] | undefined;
  /** Only events of these recipients, by the ids of their entities. */
  recipient_id?: string | readonly string[] | undefined;
  /** Only events of these steps. */
  step_id?: string | readonly string[] | undefined;
};

/** The query of `listLeadReasons`. */
export type ListLeadReasonsQuery = {
  /** Only what happened from then on; seven days before the end unless given. To the quarter of an hour. */
  start?: string | Date | undefined;
  /** Only what happened until then; now unless given. To the quarter of an hour. */
  end?: string | Date | undefined;
  /** Only entries of these flows. */
  flow_id?: string | readonly string[] | undefined;
  /** Only entries of these sources, by the ids of their entities. */
  source_id?: string | readonly string[] | undefined;
  /** Groups of the answer, the most frequent ones first; 100 unless given. */
  limit?: number | undefined;
  /** Only leads with these outcomes. */
  outcome?: "success" | "failure" | "error" | readonly ("success" | "failure" | "error")[] | undefined;
};

/** The query of `listProblems`. */
export type ListProblemsQuery = {
  /** Only problems in these states. */
  state?: "open" | "acknowledged" | "muted" | "resolved" | readonly ("open" | "acknowledged" | "muted" | "resolved")[] | undefined;
  /** Only those of these flows. */
  flow_id?: string | readonly string[] | undefined;
  /** Only those of these recipients. */
  recipient_id?: string | readonly string[] | undefined;
  /** Problems of the answer, the last seen first; 50 unless given. */
  limit?: number | undefined;
};

/** The query of `verifyFirehose`. */
export type VerifyFirehoseQuery = {
  /** The flow whose firehose is tried, as it is saved; without it the rest describes a bucket. */
  flow_id?: string | undefined;
  /** Of a flow that has two: only this one. Without a flow `aws` if nothing is said. */
  service?: "aws" | "azure" | undefined;
  /** In the place of that of the flow. */
  credential_id?: string | undefined;
  /** In the place of that of the flow; of Azure the container. */
  bucket?: string | undefined;
  /** In the place of that of the flow. */
  prefix?: string | undefined;
  /** `false`: asks for the bucket and writes nothing. */
  verification_file?: boolean | 'true' | 'false' | undefined;
};

/** The query of `listFirehoseStates`. */
export type ListFirehoseStatesQuery = {
  /** Only of this flow. */
  flow_id?: string | undefined;
};

/** The query of `listLeads`. */
export type ListLeadsQuery = {
  /** Only entries newer than this one. */
  after_id?: string | undefined;
  /** Only entries older than this one. */
  before_id?: string | undefined;
  /** Only entries from then on: a date or time, UTC unless it has a zone. */
  start?: string | Date | undefined;
  /** Only entries until then; a date is its whole day. */
  end?: string | Date | undefined;
  /** Only entries of these flows. */
  flow_id?: string | readonly string[] | undefined;
  /** Only entries of these sources, by the ids of their entities. */
  source_id?: string | readonly string[] | undefined;
  /** Entries of a page; 100 unless given. */
  limit?: number | undefined;
  /** By age; `desc`, the newest first, unless given. */
  sort?: "asc" | "desc" | undefined;
  /** Only these properties. */
  include?: "id" | "flow" | "source" | "revision" | "outcome" | "reason" | "price" | "submitted_at" | "resubmitted_as" | readonly ("id" | "flow" | "source" | "revision" | "outcome" | "reason" | "price" | "submitted_at" | "resubmitted_as")[] | undefined;
  /** All properties but these. */
  exclude?: "id" | "flow" | "source" | "revision" | "outcome" | "reason" | "price" | "submitted_at" | "resubmitted_as" | readonly ("id" | "flow" | "source" | "revision" | "outcome" | "reason" | "price" | "submitted_at" | "resubmitted_as")[] | undefined;
  /** Only leads with these outcomes. */
  outcome?: "success" | "failure" | "error" | readonly ("success" | "failure" | "error")[] | undefined;
  /** Only entries with exactly this reason. */
  reason?: string | undefined;
  /** Only entries whose reasons have this in common, as `GET /events/reasons` and `GET /leads/reasons` list it. */
  reason_class?: string | undefined;
  /** Only leads that were, or were not, sent again. */
  resubmitted?: boolean | 'true' | 'false' | undefined;
};

/** The query of `readLead`. */
export type ReadLeadQuery = {
  /** `hidden`: without the values of the lead, also for a caller that may see them. */
  values?: "hidden" | undefined;
};

/** The query of `explainLead`. */
export type ExplainLeadQuery = {
  /** `hidden`: without the values of the lead, also for a caller that may see them. */
  values?: "hidden" | undefined;
};

/** The query of `searchLeads`. */
export type SearchLeadsQuery = {
  /** Beginnings of words, all of which a lead must have; words in double quotes stand beside each other and are whole. Also an id of a lead, an event or a ping, an e-mail address, a phone in any spelling, a reference. */
  query?: string | undefined;
  /** Unless given by relevance: leads that have more of the words as whole words or exact values first, and of those the newest. */
  sort_by?: "lead_id" | "submission_timestamp" | "first_name" | "last_name" | "email" | "phone_1" | "phone_2" | "address_1" | "city" | "state" | "postal_code" | "reference" | undefined;
  /** `asc` unless given; only with `sort_by`. */
  sort_dir?: "asc" | "desc" | undefined;
  /** The place of the first hit, from 0. */
  from?: number | undefined;
  /** Hits of a page; 10 unless given. */
  limit?: number | undefined;
};

/** The query of `importLeadFile`. */
export type ImportLeadFileQuery = {
  /** The flow that the leads are for. */
  flow_id?: string | undefined;
  /** Its source: the id of the entity, or its own. */
  source_id?: string | undefined;
  /** Is the first row one of names? Guessed unless given. */
  header?: boolean | 'true' | 'false' | undefined;
  /** What becomes of rows with a value that the type of its field does not read: `reject` unless given. */
  invalid?: "reject" | "submit" | undefined;
  /** Rows a second, at most; 25 unless given. */
  rate?: number | undefined;
  /** Submits the rows once the file is checked, without waiting. */
  start?: boolean | 'true' | 'false' | undefined;
  /** Only says how the file would be read; its beginning is enough. */
  preview?: boolean | 'true' | 'false' | undefined;
};

/** The query of `listRetries`. */
export type ListRetriesQuery = {
  /** Only entries newer than this one. */
  after_id?: string | undefined;
  /** Only entries older than this one. */
  before_id?: string | undefined;
  /** Only entries from then on: a date or time, UTC unless it has a zone. */
  start?: string | Date | undefined;
  /** Only entries until then; a date is its whole day. */
  end?: string | Date | undefined;
  /** Only entries of these flows. */
  flow_id?: string | readonly string[] | undefined;
  /** Only entries of these sources, by the ids of their entities. */
  source_id?: string | readonly string[] | undefined;
  /** Entries of a page; 100 unless given. */
  limit?: number | undefined;
  /** By age; `desc`, the newest first, unless given. */
  sort?: "asc" | "desc" | undefined;
  /** Only these properties. */
  include?: "id" | "status" | "attempts" | "next_attempt_at" | "last_outcome" | "last_reason" | "lead_id" | "event_id" | "flow_id" | "source_id" | "step_id" | "recipient_id" | "created_at" | "updated_at" | readonly ("id" | "status" | "attempts" | "next_attempt_at" | "last_outcome" | "last_reason" | "lead_id" | "event_id" | "flow_id" | "source_id" | "step_id" | "recipient_id" | "created_at" | "updated_at")[] | undefined;
  /** All properties but these. */
  exclude?: "id" | "status" | "attempts" | "next_attempt_at" | "last_outcome" | "last_reason" | "lead_id" | "event_id" | "flow_id" | "source_id" | "step_id" | "recipient_id" | "created_at" | "updated_at" | readonly ("id" | "status" | "attempts" | "next_attempt_at" | "last_outcome" | "last_reason" | "lead_id" | "event_id" | "flow_id" | "source_id" | "step_id" | "recipient_id" | "created_at" | "updated_at")[] | undefined;
  /** Only retries that are this. */
  status?: "waiting" | "running" | "succeeded" | "failed" | "exhausted" | "cancelled" | "unknown" | readonly ("waiting" | "running" | "succeeded" | "failed" | "exhausted" | "cancelled" | "unknown")[] | undefined;
  /** Only deliveries to these recipients. */
  recipient_id?: string | readonly string[] | undefined;
  /** Only deliveries of these leads. */
  lead_id?: string | readonly string[] | undefined;
};

/** The query of `listUnknowns`. */
export type ListUnknownsQuery = {
  /** Only entries newer than this one. */
  after_id?: string | undefined;
  /** Only entries older than this one. */
  before_id?: string | undefined;
  /** Only entries from then on: a date or time, UTC unless it has a zone. */
  start?: string | Date | undefined;
  /** Only entries until then; a date is its whole day. */
  end?: string | Date | undefined;
  /** Only entries of these flows. */
  flow_id?: string | readonly string[] | undefined;
  /** Only entries of these sources, by the ids of their entities. */
  source_id?: string | readonly string[] | undefined;
  /** Entries of a page; 100 unless given. */
  limit?: number | undefined;
  /** By age; `desc`, the newest first, unless given. */
  sort?: "asc" | "desc" | undefined;
  /** Only these properties. */
  include?: "event_id" | "lead_id" | "flow_id" | "source_id" | "step_id" | "recipient_id" | "reason" | "expected_price" | "happened_at" | "resolved_at" | "resolution" | "note" | readonly ("event_id" | "lead_id" | "flow_id" | "source_id" | "step_id" | "recipient_id" | "reason" | "expected_price" | "happened_at" | "resolved_at" | "resolution" | "note")[] | undefined;
  /** All properties but these. */
  exclude?: "event_id" | "lead_id" | "flow_id" | "source_id" | "step_id" | "recipient_id" | "reason" | "expected_price" | "happened_at" | "resolved_at" | "resolution" | "note" | readonly ("event_id" | "lead_id" | "flow_id" | "source_id" | "step_id" | "recipient_id" | "reason" | "expected_price" | "happened_at" | "resolved_at" | "resolution" | "note")[] | undefined;
  /** `true`: those somebody has resolved, instead of the others. */
  resolved?: boolean | 'true' | 'false' | undefined;
  /** Only deliveries to these recipients. */
  recipient_id?: string | readonly string[] | undefined;
  /** Only deliveries of these leads. */
  lead_id?: string | readonly string[] | undefined;
};

/** The query of `listReturns`. */
export type ListReturnsQuery = {
  /** Only entries newer than this one. */
  after_id?: string | undefined;
  /** Only entries older than this one. */
  before_id?: string | undefined;
  /** Only entries from then on: a date or time, UTC unless it has a zone. */
  start?: string | Date | undefined;
  /** Only entries until then; a date is its whole day. */
  end?: string | Date | undefined;
  /** Only entries of these flows. */
  flow_id?: string | readonly string[] | undefined;
  /** Only entries of these sources, by the ids of their entities. */
  source_id?: string | readonly string[] | undefined;
  /** Entries of a page; 100 unless given. */
  limit?: number | undefined;
  /** By age; `desc`, the newest first, unless given. */
  sort?: "asc" | "desc" | undefined;
  /** Only these properties. */
  include?: "id" | "type" | "reason" | "status" | "outcome" | "outcome_reason" | "decided_by" | "note" | "lead_id" | "flow_id" | "source_id" | "step_id" | "recipient_id" | "delivery_event_id" | "event_id" | "attempts" | "next_attempt_at" | "deadline_at" | "default_decision" | "received_at" | "decided_at" | readonly ("id" | "type" | "reason" | "status" | "outcome" | "outcome_reason" | "decided_by" | "note" | "lead_id" | "flow_id" | "source_id" | "step_id" | "recipient_id" | "delivery_event_id" | "event_id" | "attempts" | "next_attempt_at" | "deadline_at" | "default_decision" | "received_at" | "decided_at")[] | undefined;
  /** All properties but these. */
  exclude?: "id" | "type" | "reason" | "status" | "outcome" | "outcome_reason" | "decided_by" | "note" | "lead_id" | "flow_id" | "source_id" | "step_id" | "recipient_id" | "delivery_event_id" | "event_id" | "attempts" | "next_attempt_at" | "deadline_at" | "default_decision" | "received_at" | "decided_at" | readonly ("id" | "type" | "reason" | "status" | "outcome" | "outcome_reason" | "decided_by" | "note" | "lead_id" | "flow_id" | "source_id" | "step_id" | "recipient_id" | "delivery_event_id" | "event_id" | "attempts" | "next_attempt_at" | "deadline_at" | "default_decision" | "received_at" | "decided_at")[] | undefined;
  /** Only returns that are this. */
  status?: "pending" | "relaying" | "accepted" | "declined" | "unanswered" | "refused" | readonly ("pending" | "relaying" | "accepted" | "declined" | "unanswered" | "refused")[] | undefined;
  /** Only returns of these recipients. */
  recipient_id?: string | readonly string[] | undefined;
  /** Only returns of these leads. */
  lead_id?: string | readonly string[] | undefined;
};

/** The query of `importFeedbackFile`. */
export type ImportFeedbackFileQuery = {
  /** What the whole file has; unless given, the column `type` says it. */
  type?: "return" | "conversion" | undefined;
  /** The recipient of the whole file, where it has the ids of leads. */
  recipient_id?: string | undefined;
  /** The column of `event_id`, by its name or number from 1, blank for none; guessed from its name unless given. */
  event_id_column?: string | undefined;
  /** The column of `lead_id`, by its name or number from 1, blank for none; guessed from its name unless given. */
  lead_id_column?: string | undefined;
  /** The column of `recipient_id`, by its name or number from 1, blank for none; guessed from its name unless given. */
  recipient_id_column?: string | undefined;
  /** The column of `reason`, by its name or number from 1, blank for none; guessed from its name unless given. */
  reason_column?: string | undefined;
  /** The column of `type`, by its name or number from 1, blank for none; guessed from its name unless given. */
  type_column?: string | undefined;
  /** Is the first row one of names? Guessed unless given. */
  header?: boolean | 'true' | 'false' | undefined;
  /** Only says how the file would be read; its beginning is enough. */
  preview?: boolean | 'true' | 'false' | undefined;
};

/** The query of `listJobs`. */
export type ListJobsQuery = {
  /** Only jobs in these states. */
  state?: "queued" | "running" | "waiting" | "paused" | "done" | "done_with_failures" | "cancelled" | "failed" | readonly ("queued" | "running" | "waiting" | "paused" | "done" | "done_with_failures" | "cancelled" | "failed")[] | undefined;
  /** Only jobs of this kind. */
  kind?: "resubmit" | "import-list" | "import-feedback" | "export" | "import-leads" | "find-held-leads" | "erase-person" | "export-person" | undefined;
  /** Goes on after this job of the page before. */
  before_id?: string | undefined;
  /** Jobs of a page; 25 unless given. */
  limit?: number | undefined;
};

/** The query of `listPings`. */
export type ListPingsQuery = {
  /** Only entries newer than this one. */
  after_id?: string | undefined;
  /** Only entries older than this one. */
  before_id?: string | undefined;
  /** Only entries from then on: a date or time, UTC unless it has a zone. */
  start?: string | Date | undefined;
  /** Only entries until then; a date is its whole day. */
  end?: string | Date | undefined;
  /** Only entries of these flows. */
  flow_id?: string | readonly string[] | undefined;
  /** Only entries of these sources, by the ids of their entities. */
  source_id?: string | readonly string[] | undefined;
  /** Entries of a page; 100 unless given. */
  limit?: number | undefined;
  /** By age; `desc`, the newest first, unless given. */
  sort?: "asc" | "desc" | undefined;
  /** Only these properties. */
  include?: "id" | "flow" | "source" | "revision" | "outcome" | "reason" | "price" | "state" | "ping_limit_reached" | "submitted_at" | "expires_at" | "redeemed_at" | readonly ("id" | "flow" | "source" | "revision" | "outcome" | "reason" | "price" | "state" | "ping_limit_reached" | "submitted_at" | "expires_at" | "redeemed_at")[] | undefined;
  /** All properties but these. */
  exclude?: "id" | "flow" | "source" | "revision" | "outcome" | "reason" | "price" | "state" | "ping_limit_reached" | "submitted_at" | "expires_at" | "redeemed_at" | readonly ("id" | "flow" | "source" | "revision" | "outcome" | "reason" | "price" | "state" | "ping_limit_reached" | "submitted_at" | "expires_at" | "redeemed_at")[] | undefined;
  outcome?: "success" | "failure" | readonly ("success" | "failure")[] | undefined;
};

/** The query of `readPingStats`. */
export type ReadPingStatsQuery = {
  /** Only entries of these flows. */
  flow_id?: string | readonly string[] | undefined;
  /** Only entries of these sources, by the ids of their entities. */
  source_id?: string | readonly string[] | undefined;
  /** Only pings from then on; seven days before the end unless given. */
  start?: string | Date | undefined;
  /** Only entries until then; a date is its whole day. */
  end?: string | Date | undefined;
  /** How long a row is; `day`, in the time zone of the account, unless given. */
  interval?: "hour" | "day" | undefined;
};

/** The query of `listCaps`. */
export type ListCapsQuery = {
  /** Only caps of this flow; 404 when there is none. */
  flow_id?: string | undefined;
  /** `true`: also caps that no lead asked since their window began. */
  idle?: boolean | 'true' | 'false' | undefined;
};

/** The query of `listPingLimits`. */
export type ListPingLimitsQuery = {
  /** Only ping limits of this flow; 404 when there is none. */
  flow_id?: string | undefined;
  /** `true`: also limits that no ping asked since their window began. */
  idle?: boolean | 'true' | 'false' | undefined;
};

/** The query of `addListItems`. */
export type AddListItemsQuery = {
  /** A value that is on a list stays as it is, and counts as rejected. */
  only_new?: boolean | 'true' | 'false' | undefined;
};

/** The query of `importListFile`. */
export type ImportListFileQuery = {
  /** `add`, or `replace`: the values take the place of all others, at once; `add` unless given. */
  mode?: "add" | "replace" | undefined;
  /** The column that has the values, by its name or number from 1; guessed unless given. */
  column?: string | undefined;
  /** Is the first row one of names? Guessed unless given. */
  header?: boolean | 'true' | 'false' | undefined;
  /** Only says how the file would be read; its beginning is enough. */
  preview?: boolean | 'true' | 'false' | undefined;
};

/** The query of `listFields`. */
export type ListFieldsQuery = {
  /** Only the fields of this flow, in its order. */
  flow_id?: string | undefined;
};

/** The query of `listModules`. */
export type ListModulesQuery = {
  /** Only modules of this direction. */
  type?: "inbound" | "outbound" | undefined;
  /** Only modules of these packages, by their ids. */
  package?: string | readonly string[] | undefined;
};

/** The query of `listApiKeyRequests`. */
export type ListApiKeyRequestsQuery = {
  /** Only requests newer than this one. */
  after_id?: string | undefined;
  /** Only requests older than this one. */
  before_id?: string | undefined;
  /** Only requests from then on: a date or time, UTC unless it has a zone. */
  start?: string | Date | undefined;
  /** Only requests until then; a date is its whole day. */
  end?: string | Date | undefined;
  /** Only requests with these answers; errors are `4xx,5xx`. */
  status?: "2xx" | "3xx" | "4xx" | "5xx" | readonly ("2xx" | "3xx" | "4xx" | "5xx")[] | undefined;
  /** Only requests of these operations, as this document names them: `listFlows`. */
  operation?: string | readonly string[] | undefined;
  /** Requests of a page; 100 unless given. */
  limit?: number | undefined;
  /** By age; `desc`, the newest first, unless given. */
  sort?: "asc" | "desc" | undefined;
};

/** The query of `listActivity`. */
export type ListActivityQuery = {
  /** Only entries newer than this one. */
  after_id?: string | undefined;
  /** Only entries older than this one. */
  before_id?: string | undefined;
  /** Only entries from then on: a date or time, UTC unless it has a zone. */
  start?: string | Date | undefined;
  /** Only entries until then; a date is its whole day. */
  end?: string | Date | undefined;
  /** Only changes of these. */
  kind?: "flow" | "draft" | "test_lead" | "field" | "destination" | "router" | "entity" | "pricing_service" | "batch" | "credential" | "api_key" | "user" | "account" | "retry" | "unknown" | "circuit" | "job" | "list" | "cap" | "cap_alerts" | "webhook" | "feedback" | "export" | "report" | "view" | "legal_hold" | "person" | "lead" | "problem" | "posting_link" | readonly ("flow" | "draft" | "test_lead" | "field" | "destination" | "router" | "entity" | "pricing_service" | "batch" | "credential" | "api_key" | "user" | "account" | "retry" | "unknown" | "circuit" | "job" | "list" | "cap" | "cap_alerts" | "webhook" | "feedback" | "export" | "report" | "view" | "legal_hold" | "person" | "lead" | "problem" | "posting_link")[] | undefined;
  /** Only these changes. */
  action?: "create" | "update" | "delete" | "deploy" | "rotate" | "revoke" | "run" | "pause" | "cancel" | "resolve" | "close" | "invite" | "change_password" | "enable_second_factor" | "disable_second_factor" | "accept_invitation" | "sign_in" | "lock_out" | "accept" | "decline" | "download" | "preview" | "erase" | "export" | "share" | "unshare" | "reveal" | readonly ("create" | "update" | "delete" | "deploy" | "rotate" | "revoke" | "run" | "pause" | "cancel" | "resolve" | "close" | "invite" | "change_password" | "enable_second_factor" | "disable_second_factor" | "accept_invitation" | "sign_in" | "lock_out" | "accept" | "decline" | "download" | "preview" | "erase" | "export" | "share" | "unshare" | "reveal")[] | undefined;
  /** Only changes by these keys or users. */
  actor_id?: string | readonly string[] | undefined;
  /** Only changes of these flows, fields, keys …. */
  subject_id?: string | readonly string[] | undefined;
  /** Entries of a page; 100 unless given. */
  limit?: number | undefined;
  /** By age; `desc`, the newest first, unless given. */
  sort?: "asc" | "desc" | undefined;
};

/** The query of `listChangelogs`. */
export type ListChangelogsQuery = {
  /** Only entries newer than this one. */
  after_id?: string | undefined;
  /** Only entries older than this one. */
  before_id?: string | undefined;
  /** Only entries from then on: a date or time, UTC unless it has a zone. */
  start?: string | Date | undefined;
  /** Only entries until then; a date is its whole day. */
  end?: string | Date | undefined;
  /** Only changes of these. */
  type?: "flow" | "draft" | "test_lead" | "field" | "destination" | "router" | "entity" | "pricing_service" | "batch" | "credential" | "api_key" | "user" | "account" | "retry" | "unknown" | "circuit" | "job" | "list" | "cap" | "cap_alerts" | "webhook" | "feedback" | "export" | "report" | "view" | "legal_hold" | "person" | "lead" | "problem" | "posting_link" | readonly ("flow" | "draft" | "test_lead" | "field" | "destination" | "router" | "entity" | "pricing_service" | "batch" | "credential" | "api_key" | "user" | "account" | "retry" | "unknown" | "circuit" | "job" | "list" | "cap" | "cap_alerts" | "webhook" | "feedback" | "export" | "report" | "view" | "legal_hold" | "person" | "lead" | "problem" | "posting_link")[] | undefined;
  /** Only changes of these flows, fields, keys …. */
  subject_id?: string | readonly string[] | undefined;
  /** Entries of a page; 20 unless given. */
  limit?: number | undefined;
  /** By age; `desc`, the newest first, unless given. */
  sort?: "asc" | "desc" | undefined;
};

export interface AcceptedInvitation {
  /** What follows `#` in the link. */
  token: string;
  password: string;
  first_name?: string;
  last_name?: string;
}

export interface AcceptedWelcome {
  /** What follows `#` in the link. */
  token: string;
  email: string;
  password: string;
  first_name?: string;
  last_name?: string;
}

export interface Account {
  id: string;
  name: string;
  /** IANA zone: where days begin, for caps, hours and reports. */
  time_zone: string;
  /** Days that values of people are kept. */
  data_retention_in_days: number;
  /** Days that leads and events are kept: outcomes, prices and times, without values of people. */
  facts_retention_in_days: number;
  /** Leads that were submitted before have no values of people any more; null: nothing was deleted yet. */
  data_truncated_at: string | null;
  /** Whether flows with `ping_enabled` answer pings; false: none of the account does. */
  lead_ping_enabled: boolean;
}

export interface AccountEntity {
  id: string;
  name: string;
  description?: string;
  /** The modules it sends or receives by. */
  module_ids: string[];
  /** What it is as a source; null: it is none. */
  source: "form" | "seller" | "other" | null;
  /** What it is as a recipient; null: it is none. */
  recipient: "buyer" | "crm" | "analytics" | "enhancement" | "esp" | "other" | null;
  /** Built in; none is here. */
  standard: boolean;
  /** Is it the account itself? */
  account: boolean;
  /** Invited and not yet accepted; nobody is invited here. */
  pending: boolean;
  /** How it is connected to another account; none is here. */
  connected: null;
  deprecated: boolean;
  field_suffix: string | null;
  invitation_id: null;
  /** The flows that name it, as they are saved or as they run. */
  flow_ids: string[];
  logo_url: string | null;
  /** IANA zone; for people, no window follows it. */
  time_zone: string | null;
  trustedform_certified_vendor: boolean;
  website: string | null;
  created_at: string;
  updated_at: string;
}

export interface Activity {
  id: string;
  at: string;
  /** What changed. */
  kind: "flow" | "draft" | "test_lead" | "field" | "destination" | "router" | "entity" | "pricing_service" | "batch" | "credential" | "api_key" | "user" | "account" | "retry" | "unknown" | "circuit" | "job" | "list" | "cap" | "cap_alerts" | "webhook" | "feedback" | "export" | "report" | "view" | "legal_hold" | "person" | "lead" | "problem" | "posting_link";
  action: "create" | "update" | "delete" | "deploy" | "rotate" | "revoke" | "run" | "pause" | "cancel" | "resolve" | "close" | "invite" | "change_password" | "enable_second_factor" | "disable_second_factor" | "accept_invitation" | "sign_in" | "lock_out" | "accept" | "decline" | "download" | "preview" | "erase" | "export" | "share" | "unshare" | "reveal";
  subject: {
    id: string;
    name: string | null;
  };
  actor: Actor;
  /** Where the request came from; null: from the machine itself. */
  ip: string | null;
}

export interface ActivityDetails {
  id: string;
  at: string;
  /** What changed. */
  kind: "flow" | "draft" | "test_lead" | "field" | "destination" | "router" | "entity" | "pricing_service" | "batch" | "credential" | "api_key" | "user" | "account" | "retry" | "unknown" | "circuit" | "job" | "list" | "cap" | "cap_alerts" | "webhook" | "feedback" | "export" | "report" | "view" | "legal_hold" | "person" | "lead" | "problem" | "posting_link";
  action: "create" | "update" | "delete" | "deploy" | "rotate" | "revoke" | "run" | "pause" | "cancel" | "resolve" | "close" | "invite" | "change_password" | "enable_second_factor" | "disable_second_factor" | "accept_invitation" | "sign_in" | "lock_out" | "accept" | "decline" | "download" | "preview" | "erase" | "export" | "share" | "unshare" | "reveal";
  subject: {
    id: string;
    name: string | null;
  };
  actor: Actor;
  /** Where the request came from; null: from the machine itself. */
  ip: string | null;
  /** The whole document before, without secrets; null: there was none. */
  before: unknown;
  /** The whole document after, without secrets; null: there is none. */
  after: unknown;
}

export interface Actor {
  /** `machine`: a command on the server; its id is the command. */
  kind: "key" | "user" | "session" | "machine";
  id: string;
  name: string;
}

export interface ApiKey {
  id: string;
  name: string;
  /** The first characters of the key. */
  prefix: string | null;
  role: "owner" | "editor" | "analyst" | "vendor" | null;
  /** What it may do: its own list, or that of its role. */
  permissions: ("flows.read" | "flows.write" | "flows.deploy" | "flows.replace_all" | "leads.read" | "leads.submit" | "leads.resubmit" | "feedback.send" | "returns.decide" | "leads.test" | "personal_data.read" | "fields.write" | "lists.read" | "lists.write" | "reports.read" | "credentials.manage" | "keys.manage" | "users.manage" | "account.manage" | "privacy.manage" | "activity.read" | "jobs.read" | "jobs.manage")[];
  flow_ids: string[] | null;
  source_ids: string[] | null;
  created_at: string;
  created_by: Actor | null;
  expires_at: string | null;
  /** Exact to a minute. */
  last_used_at: string | null;
  revoked_at: string | null;
  /** Until when what the key was before its rotation is valid too. */
  previous_valid_until: string | null;
}

export interface ApiKeyRequest {
  /** For `after_id` and `before_id`. */
  id: string;
  /** When it was answered. */
  at: string;
  /** As this document names it. */
  operation: string;
  method: string;
  /** Without the values in it. */
  path: string;
  status: number;
  /** From the request to the end of the answer. */
  ms: number;
  /** Of the answer without its head, as it was sent: compressed, where it was. */
  bytes: number | null;
  /** Of the `traceparent` that came with it, or made for it; the log names it. */
  trace_id: string;
  /** Requests of the key before this one that are missing here, because too many came at once. */
  skipped: number;
}

export interface ApiKeyRotation {
  /** How long the key so far stays valid; a day by default. */
  grace_seconds?: number;
}

export interface Batch {
  /** What steps name it by, in `batch_id`. */
  id: string;
  name: string;
  enabled: boolean;
  columns: {
    name: string;
    header: string;
  }[];
  format: "csv" | "tsv" | "pipe";
  encoding: "utf-8" | "utf-8-bom" | "iso-8859-1";
  header: boolean;
  escape_formulas: boolean;
  zip: boolean;
  file_name: string;
  rows_max: number;
  bytes_max: number;
  send_empty: boolean;
  keep_days: number;
  schedule: {
    type: string;
    times?: string[];
    minutes?: number;
    days?: string[] | null;
    time_zone?: string | null;
  };
  target: {
    type: string;
    credential_id: string;
    from?: string;
    to?: string[];
    subject?: string;
    text?: string;
    path?: string;
    bucket?: string;
    container?: string;
    prefix?: string;
  };
  /** Rows that are in no file yet; of leads under way, too. */
  waiting_rows: number;
  oldest_row_at: string | null;
  /** Files that are not delivered yet. */
  waiting_files: number;
  running: boolean;
  /** By its schedule; null: it has none, or is off. */
  next_run_at: string | null;
  last_run_at: string | null;
  /** Why the last run could not deliver everything. */
  last_error: string | null;
  created_at: string;
  updated_at: string;
  /** null: it is not deleted. */
  deleted_at: string | null;
}

export interface BatchDelivery {
  /** The rows stay, and go with the next run as well. */
  keep_rows?: boolean;
}

export interface BatchFile {
  id: string;
  batch_id: string;
  name: string;
  content_type: string;
  rows: number;
  bytes: number;
  /** `waiting`: it goes with the next run. `failed`: it was sent 50 times in vain, and is no longer. */
  state: "waiting" | "delivered" | "failed";
  attempts: number;
  /** Why the last attempt failed; of a delivered file what of it went wrong all the same. */
  reason: string | null;
  /** Where the last attempt went. */
  target: string | null;
  /** Where it is downloaded, with `personal_data.read`. */
  url: string;
  created_at: string;
  attempted_at: string | null;
  delivered_at: string | null;
  next_attempt_at: string | null;
  expires_at: string;
}

export interface BatchFileResending {
  /** Another file of the same rows, with columns and format as they are now. */
  rebuild?: boolean;
}

export interface BatchFileWithLeads {
  id: string;
  batch_id: string;
  name: string;
  content_type: string;
  rows: number;
  bytes: number;
  /** `waiting`: it goes with the next run. `failed`: it was sent 50 times in vain, and is no longer. */
  state: "waiting" | "delivered" | "failed";
  attempts: number;
  /** Why the last attempt failed; of a delivered file what of it went wrong all the same. */
  reason: string | null;
  /** Where the last attempt went. */
  target: string | null;
  /** Where it is downloaded, with `personal_data.read`. */
  url: string;
  created_at: string;
  attempted_at: string | null;
  delivered_at: string | null;
  next_attempt_at: string | null;
  expires_at: string;
  /** Its rows in order; `after` goes on behind a position. */
  leads: {
    position: number;
    lead_id: string;
    event_id: string;
  }[];
}

export interface BucketFault {
  /** `unreachable`: nothing was sent; `slow`: no answer in time; `broken`: the connection ended; `auth`: the credential; `missing`: the bucket or its region; `full`: no more at this rate, or at all; `unavailable`: a fault of the service; `object`: this object alone. */
  kind: "unreachable" | "slow" | "broken" | "auth" | "missing" | "full" | "unavailable" | "object";
  reason: string;
}

export interface CapAlerts {
  url: string | null;
  emails: string[];
  thresholds: number[];
  created_at: string;
  updated_at: string;
}

export interface CapAlertsWithRecent {
  url: string | null;
  emails: string[];
  thresholds: number[];
  created_at: string;
  updated_at: string;
  /** The last 20 alerts, newest first. */
  recent: RecordedCapAlert[];
}

export interface CapAlertsWithSecret {
  url: string | null;
  emails: string[];
  thresholds: number[];
  created_at: string;
  updated_at: string;
  /** The key alerts are signed with. Only this answer has it. */
  secret: string;
}

export interface CapCounter {
  /** Of the cap. */
  id: string;
  /** `volume` counts leads or deliveries, `revenue` dollars. */
  type: "volume" | "revenue";
  /** What `maximum`, `count` and `held` are of: leads of a flow or source, deliveries of a step, or dollars: what leads of a flow or source cost, what deliveries of a step are sold for. */
  counts: "leads" | "deliveries" | "cost" | "revenue";
  name: string | null;
  flow_id: string;
  /** Of the source’s entity; null: it is no cap of a source. */
  source_id: string | null;
  /** null: it is no cap of a step. */
  step_id: string | null;
  /** That holds in this window. */
  maximum: number;
  /** Of the flow: another one than `maximum` where this window has its own. */
  deployed_maximum: number;
  duration: number;
  duration_units: "month" | "week" | "day" | "hour" | "minute";
  /** Its own, else the account’s. */
  time_zone: string;
  /** Which leads count: a RuleSet of the flow document; null: all. */
  rule_set: unknown;
  /** The template of the reason when the cap is full. */
  reason: string;
  /** Of the caps directly in it, each with a counter of its own. */
  cap_ids: string[];
  /** The same caps as deployed. */
  caps: unknown[];
  /** Used in this window: places, or dollars. */
  count: number;
  /** Held by leads that have not ended; with `count` never more than `maximum`. */
  held: number;
  /** Leads and deliveries the cap refused in this window. */
  failed_count: number;
  /** When the window began. */
  started_at: string;
  /** When the next one begins, at 0. */
  expires_at: string;
  /** null: no lead asked for a place in this window yet. */
  updated_at: string | null;
  /** When the cap fills, as if leads came evenly within the window. */
  forecast: CapForecast;
}

/** When the cap fills, as if leads came evenly within the window. */
export interface CapForecast {
  /** The mean rate of the last closed windows, or the rate of this window so far; null: nothing can be said. */
  basis: "closed_windows" | "this_window" | null;
  /** Closed windows it is made of, those without leads included. */
  windows: number;
  /** Places wanted by the end of the window; the cap gives at most `maximum` of them. */
  expected_count: number | null;
  /** The same if the rest of the window is as the slowest of those windows. */
  expected_low: number | null;
  /** As the busiest of them. */
  expected_high: number | null;
  /** null: it is not expected to fill in this window, or nothing can be said. */
  fills_at: string | null;
  /** Why nothing is said; null: something is. */
  reason: string | null;
}

export interface CapWindow {
  started_at: string;
  /** When the next one began, at 0. */
  ended_at: string;
  /** Used at its end, places held by leads that had not ended included. */
  count: number;
  /** Leads and deliveries the cap refused in it. */
  failed_count: number;
  /** The maximum that it alone had; null: it had the flow’s. */
  window_maximum: number | null;
}

export interface ChangedAccount {
  id?: unknown;
  name?: string;
  time_zone?: string;
  /** Of values of people. */
  data_retention_in_days?: number;
  /** Of leads and events; at least `data_retention_in_days`. null: the same, also when that changes. */
  facts_retention_in_days?: number | null;
  data_truncated_at?: unknown;
  lead_ping_enabled?: boolean;
}

export interface ChangedEntity {
  id?: unknown;
  name: string;
  description?: string;
  module_ids: string[];
  /** What it is as a source; null: it is none. */
  source: "form" | "seller" | "other" | null;
  /** What it is as a recipient; null: it is none. */
  recipient: "buyer" | "crm" | "analytics" | "enhancement" | "esp" | "other" | null;
  field_suffix?: string;
  logo_url?: string;
  website?: string;
  time_zone?: string;
  trustedform_certified_vendor?: boolean;
  standard?: unknown;
  account?: unknown;
  pending?: unknown;
  connected?: unknown;
  connected_account_id?: unknown;
  deprecated?: unknown;
  see?: unknown;
  invitation_id?: unknown;
  invitation_expires_at?: unknown;
  expired?: unknown;
  flow_ids?: unknown;
  created_at?: unknown;
  updated_at?: unknown;
}

export interface ChangedField {
  id?: string;
  name: string;
  type: "boolean" | "city" | "credential" | "date" | "dob" | "email" | "first_name" | "gender" | "ip" | "last_name" | "number" | "phone" | "postal_code" | "range" | "ssn" | "state" | "street" | "string" | "time" | "trustedform_url" | "url";
  description?: string;
  aggregate?: boolean;
  masked?: boolean;
  standard?: unknown;
  deprecated?: unknown;
  see?: unknown;
  examples?: unknown;
  created_at?: unknown;
  updated_at?: unknown;
}

export interface ChangedList {
  name: string;
  /** Entries end so many seconds after they were added; null: they stay. */
  ttl?: number | null;
  /** How values are compared: a phone by its international number, a postal code of the United States by its five digits, a contact as a phone or as an e-mail address, everything else trimmed and in lower case. `md5` is a text that is known by its MD5, too. */
  type?: "phone" | "email" | "postal_code" | "contact" | "text" | "md5";
  /** A value of 32 hexadecimal digits is the MD5 of one: of the trimmed text in lower case, of the digits of a phone. */
  allows_md5?: boolean;
  id?: unknown;
  url_name?: unknown;
  count?: unknown;
  total_jobs?: unknown;
  created_at?: unknown;
  updated_at?: unknown;
}

export interface ChangedOwnUser {
  first_name?: string;
  last_name?: string;
}

export interface ChangedUser {
  role?: "owner" | "editor" | "analyst" | "vendor";
  disabled?: boolean;
}

export interface Changelog {
  id: string;
  action: "create" | "update" | "delete" | "deploy" | "rotate" | "revoke" | "run" | "pause" | "cancel" | "resolve" | "close" | "invite" | "change_password" | "enable_second_factor" | "disable_second_factor" | "accept_invitation" | "sign_in" | "lock_out" | "accept" | "decline" | "download" | "preview" | "erase" | "export" | "share" | "unshare" | "reveal";
  type: "flow" | "draft" | "test_lead" | "field" | "destination" | "router" | "entity" | "pricing_service" | "batch" | "credential" | "api_key" | "user" | "account" | "retry" | "unknown" | "circuit" | "job" | "list" | "cap" | "cap_alerts" | "webhook" | "feedback" | "export" | "report" | "view" | "legal_hold" | "person" | "lead" | "problem" | "posting_link";
  created_at: string;
  subject: {
    id: string;
    name: string | null;
  };
  user: Actor;
  /** The changes in words. */
  sentences: string[];
  /** The same place by place, without secrets. */
  changes: {
    action: "added" | "removed" | "changed" | "moved";
    /** The name of the property, or of the list. */
    target: string;
    /** `caps.0.maximum`; of what was removed, the place it had. */
    delta_path: string;
    /** null: it was not there. */
    previous: {
      value: unknown;
      index: number | null;
    } | null;
    /** null: it was not there. */
    current: {
      value: unknown;
      index: number | null;
    } | null;
  }[];
  /** Changes beyond the bound of the list. */
  more_changes: number;
}

export interface Credential {
  /** What steps name it by, in `credential_id`. */
  id: string;
  name: string;
  type: "user" | "token" | "api_key" | "oauth2" | "aws" | "azure" | "smtp" | "sftp";
  package: string | null;
  username?: string | null;
  /** Never shown. */
  password?: null;
  /** Never shown. */
  token?: null;
  /** Never shown. */
  key?: null;
  location?: string | null;
  parameter?: string | null;
  token_url?: string | null;
  client_id?: string | null;
  /** Never shown. */
  client_secret?: null;
  scope?: string | null;
  audience?: string | null;
  client_authentication?: string | null;
  access_key_id?: string | null;
  /** Never shown. */
  secret_access_key?: null;
  /** Never shown. */
  session_token?: null;
  region?: string | null;
  endpoint?: string | null;
  account_name?: string | null;
  /** Never shown. */
  account_key?: null;
  /** Never shown. */
  connection_string?: null;
  host?: string | null;
  port?: number | null;
  security?: string | null;
  /** Never shown. */
  private_key?: null;
  /** Never shown. */
  passphrase?: null;
  host_key?: string | null;
  created_at: string;
  updated_at: string;
  /** To the minute; null: never. */
  last_used_at: string | null;
  /** When the token that was fetched with it ends; null: there is none. */
  expires_at: string | null;
}

export interface CredentialTest {
  /** Asked with GET and the credential; a public address. Not needed for `oauth2`. */
  url?: string;
}

export interface CredentialType {
  name: "user" | "token" | "api_key" | "oauth2" | "aws" | "azure" | "smtp" | "sftp";
  label: string;
  does: string;
  /** What `POST …/test` does: fetches a token, asks a URL, logs in; `none`: it is tested by its use. */
  test: "token" | "url" | "mail" | "sftp" | "none";
  attributes: {
    name: string;
    does: string;
    /** No answer has it. */
    secret: boolean;
    required: boolean;
    /** A text of many lines. */
    lines: boolean;
    /** A whole number from 1 to 65535. */
    port: boolean;
    /** The values it may have; null: any text. */
    choices: string[] | null;
    default: string | number | null;
  }[];
}

export interface CredentialUse {
  /** null: a pricing service or a batch names it. */
  flow: {
    id: string;
    name?: string;
  } | null;
  /** null: a flow or a batch names it. */
  pricing_service: {
    id: string;
    name?: string;
  } | null;
  /** null: a flow or a pricing service names it. */
  batch: {
    id: string;
    name?: string;
  } | null;
  /** Where in it: `steps.0.credential_id`. */
  path: string;
  /** The flow as it is saved names it there. */
  saved: boolean;
  /** The flow as it runs names it there. */
  deployed: boolean;
}

export interface Deployed {
  message: string;
}

export interface Destination {
  /** What flows name it by. */
  instance_id: string;
  name: string;
  integration_name: string;
  /** Empty: there is none. */
  integration_icon_url: string;
  actions: {
    name: string;
    action_id: string;
    webhook_url: string;
  }[];
}

export interface DestinationWithSecret {
  /** What flows name it by. */
  instance_id: string;
  name: string;
  integration_name: string;
  /** Empty: there is none. */
  integration_icon_url: string;
  actions: {
    name: string;
    action_id: string;
    webhook_url: string;
  }[];
  /** The key documents are signed with. Only this answer has it. */
  secret: string;
}

export interface Erasure {
  /** Of the person. */
  email?: string;
  /** Of the person; American unless it begins with another calling code. */
  phone?: string;
  /** These leads, instead of a person. */
  lead_ids?: string[];
  /** true unless false is given: says what would go, and changes nothing. */
  preview?: boolean;
}

export interface ErasureReceipt {
  /** Of its job. */
  id: string;
  /** JSON, byte by byte as it was signed: what was erased, and what stays. */
  statement: string;
  /** Ed25519, in base64. */
  signature: string;
}

export interface Evaluation {
  /** What the sender would get, without secrets. */
  response: {
    status: number;
    headers: Record<string, unknown>;
    body: string | null;
  };
  /** As `GET /leads/{id}` would show it; null: the lead would leave nothing. */
  lead: Lead | null;
  /** Deliveries that would be tried again. */
  retries: {
    step_id: string;
    first_attempt_at: string;
    /** Steps that got the lead instead: the retry ends as a skip once one of them has accepted. */
    alternatives: string[];
  }[];
  waiting: {
    state: string;
    lists: string[];
    caps: string[];
  } | null;
}

export interface Event {
  id: string;
  type: "source" | "recipient" | "filter" | "feedback-received" | "feedback-sent" | "retry";
  outcome: string;
  reason: string | null;
  /** The variables when the step began. */
  vars: Record<string, unknown>;
  host?: string;
  handler_version?: string;
  /** Of this form of an event. */
  version: string;
  module_id?: unknown;
  package_version?: unknown;
  step_id?: string | null;
  key?: unknown;
  /** Epoch ms. */
  start_timestamp?: number;
  /** Epoch ms. */
  end_timestamp?: number;
  ms?: number;
  wait_ms?: number;
  overhead_ms: number;
  lag_ms: number;
  total_ms: number;
  step_count?: unknown;
  cost?: unknown;
  purchase_price?: unknown;
  offered_price?: unknown;
  /** The questions to pricing services; only on source events. */
  asked_prices?: {
    service_id: string;
    level: "flow" | "source";
    /** `fallback`: it gave no price. */
    by: "service" | "fallback";
    price: number | null;
    ms: number;
    /** Why it gave no price. */
    fault: string | null;
  }[];
  sale_price?: unknown;
  revenue?: unknown;
  expected_price?: unknown;
  recipient_revenue?: unknown;
  distributions?: unknown;
  distribution?: unknown;
  /** Of the flow and the source, or of the step. */
  cap_reached: boolean;
  caps_reached?: unknown;
  stopped_in?: unknown;
  resubmitted_from?: unknown;
  imported?: unknown;
  ping_id?: unknown;
  outer_lead?: unknown;
  inner_lead?: unknown;
  router?: unknown;
  unknown?: unknown;
  not_retried?: unknown;
  warnings?: string[];
  attempt?: unknown;
  retry_id?: unknown;
  retry_status?: unknown;
  recipient_event_id?: unknown;
  resolution?: unknown;
  feedback_id?: unknown;
  feedback_type?: unknown;
  decided_by?: unknown;
  feedback?: unknown;
  interrupted?: unknown;
  flow_ping_limits?: unknown;
  source_ping_limits?: unknown;
  ping_limit_reached: boolean;
  firehose?: unknown;
  /** When the lead and its events are deleted; null: a legal hold keeps them. */
  expires_at: string | null;
  acceptance_criteria?: unknown;
  flow_acceptance_criteria?: unknown;
  pricing?: unknown;
  flow_pricing?: unknown;
  appended?: unknown;
  request?: unknown;
  response?: unknown;
  transactions?: Record<string, unknown>[];
  caps?: unknown;
  rule_set?: unknown;
  mappings?: unknown;
  credential?: unknown;
  credential_updated?: unknown;
  explanation?: EventExplanation;
}

export interface EventExplanation {
  phases?: ExplainedPhase[];
  rules?: ExplainedRule[];
  cap?: ExplainedCap | null;
}

export interface EventReasons {
  start: string;
  end: string;
  /** All before is counted; null: everything is. */
  counted_until: string | null;
  /** Groups there are. */
  total: number;
  reasons: {
    /** The reason with … for what differs from lead to lead: ask for the entries with the parameter `reason_class`. */
    reason_class: string;
    /** Leads; of events each once for each type, outcome, flow, source, step and recipient. */
    leads: number;
    first_seen: string;
    last_seen: string;
    /** A few that have it, newest first. */
    sample_ids: string[];
    events: number;
  }[];
}

export interface EventSearch {
  after_id?: string | number | unknown[];
  before_id?: string | number | unknown[];
  start?: string | number | unknown[];
  end?: string | number | unknown[];
  flow_id?: string[] | string | number | unknown[];
  source_id?: string[] | string | number | unknown[];
  limit?: number | string | unknown[];
  sort?: "asc" | "desc" | string | number | unknown[];
  include?: ("id" | "type" | "outcome" | "reason" | "vars" | "host" | "handler_version" | "version" | "module_id" | "package_version" | "step_id" | "key" | "start_timestamp" | "end_timestamp" | "ms" | "wait_ms" | "overhead_ms" | "lag_ms" | "total_ms" | "step_count" | "cost" | "purchase_price" | "offered_price" | "asked_prices" | "sale_price" | "revenue" | "expected_price" | "recipient_revenue" | "distributions" | "distribution" | "cap_reached" | "caps_reached" | "stopped_in" | "resubmitted_from" | "imported" | "ping_id" | "outer_lead" | "inner_lead" | "router" | "unknown" | "not_retried" | "warnings" | "attempt" | "retry_id" | "retry_status" | "recipient_event_id" | "resolution" | "feedback_id" | "feedback_type" | "decided_by" | "feedback" | "interrupted" | "flow_ping_limits" | "source_ping_limits" | "ping_limit_reached" | "firehose" | "expires_at" | "acceptance_criteria" | "flow_acceptance_criteria" | "pricing" | "flow_pricing" | "appended" | "request" | "response" | "transactions" | "caps" | "rule_set" | "mappings" | "credential" | "credential_updated" | "explanation")[] | string | number | unknown[];
  exclude?: ("id" | "type" | "outcome" | "reason" | "vars" | "host" | "handler_version" | "version" | "module_id" | "package_version" | "step_id" | "key" | "start_timestamp" | "end_timestamp" | "ms" | "wait_ms" | "overhead_ms" | "lag_ms" | "total_ms" | "step_count" | "cost" | "purchase_price" | "offered_price" | "asked_prices" | "sale_price" | "revenue" | "expected_price" | "recipient_revenue" | "distributions" | "distribution" | "cap_reached" | "caps_reached" | "stopped_in" | "resubmitted_from" | "imported" | "ping_id" | "outer_lead" | "inner_lead" | "router" | "unknown" | "not_retried" | "warnings" | "attempt" | "retry_id" | "retry_status" | "recipient_event_id" | "resolution" | "feedback_id" | "feedback_type" | "decided_by" | "feedback" | "interrupted" | "flow_ping_limits" | "source_ping_limits" | "ping_limit_reached" | "firehose" | "expires_at" | "acceptance_criteria" | "flow_acceptance_criteria" | "pricing" | "flow_pricing" | "appended" | "request" | "response" | "transactions" | "caps" | "rule_set" | "mappings" | "credential" | "credential_updated" | "explanation")[] | string | number | unknown[];
  type?: ("source" | "recipient" | "filter" | "feedback-received" | "feedback-sent" | "retry")[] | string | number | unknown[];
  outcome?: ("success" | "failure" | "error" | "skip" | "continue" | "stop")[] | string | number | unknown[];
  lead_id?: string[] | string | number | unknown[];
  recipient_id?: string[] | string | number | unknown[];
  step_id?: string[] | string | number | unknown[];
  reason?: string | number | unknown[];
  reason_class?: string | number | unknown[];
  rules?: string | number | unknown[];
  values?: "hidden" | string | number | unknown[];
}

export interface ExplainedCap {
  id: string;
  name?: string;
  /** Of a revenue cap: the dollars the lead would have taken; then maximum, count and held are dollars too. */
  amount?: number;
  maximum: number;
  count: number;
  /** Taken by leads that had not ended. */
  held: number;
  duration?: number;
  duration_units?: string;
  /** null: never, because the cap takes no leads, or not so much. */
  frees_at: string | null;
  time_zone: string;
}

/** What a phase decided; what it found besides depends on the phase. */
export interface ExplainedPhase {
  /** The table of phases in ARCHITECTURE.md has the names. */
  phase: string;
  verdict: "passed" | "stopped" | "not reached";
  rules?: ExplainedRule[];
  cap?: ExplainedCap | null;
  [name: string]: unknown;
}

/** What a phase decided; what it found besides depends on the phase. */
export interface ExplainedPingPhase {
  /** The table of phases in ARCHITECTURE.md has the names. */
  phase: string;
  verdict: "passed" | "stopped" | "not reached";
  rules?: {
    /** In the Flow document: `acceptance_criteria.rule_set.rules.1`. */
    path: string;
    label: unknown;
    lhv: unknown;
    op: unknown;
    /** null: the operator has no right side. */
    rhv: unknown;
    passed: boolean;
  }[];
  /** Of the phase `steps`, where bids price the pings of the flow. */
  distributions?: {
    /** The distribution. */
    step_id: string;
    key: string;
    recipients: {
      step_id: string;
      recipient: {
        id: string;
        name?: string;
      };
      /** `best`: its bid is the best; else why it is not: no bid, late, minimum, margin or outbid; or why it was not asked: criteria, hours, cap, disabled or not reached. */
      verdict: string;
      /** null: it was not asked. */
      bid: {
        from: "asked" | "standing";
        price: number | null;
        ms: number;
        fault: string | null;
        short_by: number | null;
        lost_to: number | null;
        id: string | null;
      } | null;
      cap: unknown;
    }[];
  }[];
  [name: string]: unknown;
}

export interface ExplainedRule {
  /** In the Flow document: `steps.0.rule_set.rules.1`. */
  path: string;
  id: string | null;
  /** What a reason calls the left side. */
  label?: unknown;
  lhv: unknown;
  op: unknown;
  /** null: the operator has no right side. */
  rhv: unknown;
  /** What the left side came to; absent: it is missing. */
  left?: unknown;
  right?: unknown;
  /** How far the rule was from passing; null: it does not compare. */
  distance: {
    scale: string;
    /** Below zero: the left side is too small or too early. */
    by: number;
    unit: string | null;
  } | null;
  passed: boolean;
}

export interface ExplainedStep {
  /** `steps.0`, `steps.0.recipients.1`, `destinations.0` */
  path: string;
  step_id: string;
  type: "recipient" | "filter";
  description?: string;
  recipient?: {
    id: string;
    name: string;
  };
  /** null: the step did not run. */
  event_id: string | null;
  /** The outcome of its event, `not reached` or `disabled`. */
  verdict: string;
  reason: string | null;
  distribution?: {
    /** The distribution. */
    step_id: string;
    /** accepted, unknown, refused, failed or skipped of an offer; else why there was none: criteria, hours, cap, disabled or not reached; of a bid no bid, late, minimum, margin or outbid. */
    verdict: string;
    /** Among the offers of this lead, from 1; null: it was offered nothing. */
    place: number | null;
    /** It was its turn. */
    by_turn: boolean;
    cap: ExplainedCap | null;
    bid?: {
      from: "asked" | "standing" | "ping";
      /** Dollars; null: it did not bid. */
      price: number | null;
      ms: number;
      /** Why it did not bid. */
      fault: string | null;
      /** What the recipient said itself. */
      reason: string | null;
      /** How much it is below the minimum price or the margin. */
      short_by: number | null;
      /** The best bid that the lead was sold at instead. */
      lost_to: number | null;
    };
  };
  rules?: ExplainedRule[];
  cap?: ExplainedCap | null;
  retries?: {
    event_id: string;
    verdict: string;
    reason: string | null;
    attempt: number | null;
    resolution: string | null;
    unknown: boolean;
    sale_price: number;
    at: string;
  }[];
}

export interface Export {
  /** Also of its job. */
  id: string;
  created_at: string;
  /** `truncated`: complete, but retention had cut the range; `error`: failed or cancelled. */
  status: "created" | "processing" | "complete" | "error" | "truncated";
  start: string;
  end: string;
  filter_rules: unknown[];
  fields: string[];
  email_to: string[];
  date_format: "standard" | "legacy";
  /** Who asked; null: an API key did, see `asked_by`. */
  user: {
    id: string;
    first_name: string;
    last_name: string;
    email: string;
    /** The same as `id`. */
    sso_id: string;
  } | null;
  /** 7 days after it has ended; null until then. */
  expires_at: string | null;
  /** Why it is truncated. */
  reason: {
    message: string;
  } | null;
  /** Why it failed. */
  error: string | null;
  /** Rows that are written so far. */
  exported_docs: number;
  /** null until the file is whole. */
  file_name: string | null;
  /** The last 100. */
  downloads: {
    at: string;
    by: {
      kind: string;
      id: string;
      name: string;
    };
    ip: string | null;
  }[];
  format: "csv" | "jsonl";
  rows: "events" | "leads";
  time_zone: string;
  /** Values of leads are `(hidden)`: who asked has no permission `personal_data.read`. */
  hides_values: boolean;
  filters: {
    type: string[] | null;
    outcome: string[] | null;
    flow_id: string[] | null;
    source_id: string[] | null;
    recipient_id: string[] | null;
  };
  asked_by: {
    kind: string;
    id: string;
    name: string;
  };
  /** Bytes that are written so far. */
  size: number;
  mailed_at: string | null;
  /** Why the last attempt to mail failed, or who does not have it. */
  mail_fault: string | null;
  /** Where the file is downloaded; null: there is none. */
  url: string | null;
}

export interface FailureProblem {
  id: string;
  /** What fails: deliveries of a step to a recipient, with their retries; leads of a source; feedback on its way to a source. */
  kind: "delivery" | "source" | "feedback";
  flow: {
    id: string;
    name?: string;
  };
  /** null: a delivery fails for leads of every source. */
  source: {
    id: string;
    name?: string;
  } | null;
  recipient: {
    id: string;
    name?: string;
  } | null;
  step_id: string | null;
  /** A `failure` of a recipient is a problem where its reason is that of a fault, such as a refused key. */
  outcome: "error" | "failure";
  /** The reason with … for what differs from lead to lead; empty: there is none. */
  reason_class: string;
  /** What is probably wrong; null: nothing says so. */
  cause: "timeout" | "dns" | "tls" | "connection" | "credentials" | "server_error" | "refused_request" | "unreadable_answer" | "circuit_open" | "switched_off" | "our_server" | null;
  state: "open" | "acknowledged" | "muted" | "resolved";
  muted_until: string | null;
  note: string | null;
  /** When somebody set the state or the note; null: nobody has. */
  changed_at: string | null;
  /** Failures of the last 30 days. */
  events: number;
  /** Leads that have them; one that failed again in a retry counts for each. */
  leads: number;
  /** Within 30 days. */
  first_seen: string;
  last_seen: string;
  /** Failures by the hour (UTC), the oldest first; the last hour is under way. */
  per_hour: number[];
}

export interface FailureProblemDetails {
  id: string;
  /** What fails: deliveries of a step to a recipient, with their retries; leads of a source; feedback on its way to a source. */
  kind: "delivery" | "source" | "feedback";
  flow: {
    id: string;
    name?: string;
  };
  /** null: a delivery fails for leads of every source. */
  source: {
    id: string;
    name?: string;
  } | null;
  recipient: {
    id: string;
    name?: string;
  } | null;
  step_id: string | null;
  /** A `failure` of a recipient is a problem where its reason is that of a fault, such as a refused key. */
  outcome: "error" | "failure";
  /** The reason with … for what differs from lead to lead; empty: there is none. */
  reason_class: string;
  /** What is probably wrong; null: nothing says so. */
  cause: "timeout" | "dns" | "tls" | "connection" | "credentials" | "server_error" | "refused_request" | "unreadable_answer" | "circuit_open" | "switched_off" | "our_server" | null;
  state: "open" | "acknowledged" | "muted" | "resolved";
  muted_until: string | null;
  note: string | null;
  /** When somebody set the state or the note; null: nobody has. */
  changed_at: string | null;
  /** Failures of the last 30 days. */
  events: number;
  /** Leads that have them; one that failed again in a retry counts for each. */
  leads: number;
  /** Within 30 days. */
  first_seen: string;
  last_seen: string;
  /** Failures by the hour (UTC), the oldest first; the last hour is under way. */
  per_hour: number[];
  /** At most five, the newest first. */
  samples: {
    event_id: string;
    lead_id: string;
    happened_at: string;
    reason: string | null;
    /** Of the recipient’s answer; null: there was none. */
    status: number | null;
  }[];
}

export interface FailureProblems {
  /** All before is counted; null: everything is. */
  counted_until: string | null;
  /** Problems of the flows and recipients that were asked for, by state. */
  counts: {
    open: number;
    acknowledged: number;
    muted: number;
    resolved: number;
  };
  /** Problems that were asked for; `limit` may leave some out. */
  total: number;
  problems: FailureProblem[];
}

export interface Feedback {
  id: string;
  type: "return" | "conversion";
  reason: string | null;
  status: "pending" | "relaying" | "accepted" | "declined" | "unanswered" | "refused";
  /** Of the answer; null: it is not final. */
  outcome: "success" | "failure" | "error" | null;
  outcome_reason: string | null;
  decided_by: "rules" | "person" | "deadline" | "source" | null;
  note: string | null;
  lead_id: string;
  flow_id: string;
  source_id: string;
  step_id: string;
  recipient_id: string;
  delivery_event_id: string;
  /** Its feedback-received event; null: its outcome is not final. */
  event_id: string | null;
  /** Times the source was asked. */
  attempts: number;
  /** When the source is asked again. */
  next_attempt_at: string | null;
  /** When `default_decision` decides. */
  deadline_at: string | null;
  default_decision: "accept" | "decline" | null;
  received_at: string;
  decided_at: string | null;
}

/** As JSON, or as XML when `Accept` asks for it. */
export interface FeedbackAnswer {
  outcome: "success" | "failure" | "error";
  /** With first_name, last_name, email and phone_1 where they are known. */
  lead: {
    id: string;
    [name: string]: unknown;
  };
  /** What the lead cost, in dollars, where it is known. */
  price?: number;
  reason?: string;
  [name: string]: unknown;
}

export interface FeedbackFailure {
  outcome: "refused" | "not_found" | "invalid";
  reason: string;
  rows: number;
  /** The number of the first row, from 1 and without the header. */
  sample: number;
}

export interface FeedbackFile {
  /** `ascii`, `utf-8`, `utf-16le`, `utf-16be` or `windows-1252`, as it begins. */
  encoding: string;
  gzip: boolean;
  /** null: each line is one value. */
  delimiter: string | null;
  /** Is the first row one of names? */
  header: boolean;
  columns: {
    /** Its number, from 1; null: the file has none. */
    event_id: number | null;
    /** Its number, from 1; null: the file has none. */
    lead_id: number | null;
    /** Its number, from 1; null: the file has none. */
    recipient_id: number | null;
    /** Its number, from 1; null: the file has none. */
    reason: number | null;
    /** Its number, from 1; null: the file has none. */
    type: number | null;
  };
  /** The names of the columns that are not imported. */
  ignored: (string | null)[];
}

export interface FeedbackImport {
  job: Job;
  /** The most first; at most 100 reasons. */
  failures: FeedbackFailure[];
}

export interface FeedbackResult {
  outcome: "success" | "failure" | "error";
  /** With first_name, last_name, email and phone_1 where they are known. */
  lead: {
    id: string;
    [name: string]: unknown;
  };
  /** What the lead cost, in dollars, where it is known. */
  price?: number;
  reason: string | null;
  feedback: Feedback;
}

export interface Field {
  id: string;
  name: string;
  type: "boolean" | "city" | "credential" | "date" | "dob" | "email" | "first_name" | "gender" | "ip" | "last_name" | "number" | "phone" | "postal_code" | "range" | "ssn" | "state" | "street" | "string" | "time" | "trustedform_url" | "url" | "array";
  description?: string;
  /** Built in, and the same for every account. */
  standard: boolean;
  aggregate?: boolean;
  /** Values are masked before anything is stored. */
  masked?: boolean;
  deprecated?: boolean;
  /** The field to use instead. */
  see?: string;
  examples?: unknown[];
  created_at?: string;
  updated_at?: string;
}

export interface FieldType {
  name: "boolean" | "city" | "credential" | "date" | "dob" | "email" | "first_name" | "gender" | "ip" | "last_name" | "number" | "phone" | "postal_code" | "range" | "ssn" | "state" | "street" | "string" | "time" | "trustedform_url" | "url";
  /** What rules and templates can read of a value: `lead.phone_1.area`. */
  components: {
    name: string;
    type: "boolean" | "city" | "credential" | "date" | "dob" | "email" | "first_name" | "gender" | "ip" | "last_name" | "number" | "phone" | "postal_code" | "range" | "ssn" | "state" | "street" | "string" | "time" | "trustedform_url" | "url";
    description: string;
  }[];
  operators: ("is equal to" | "is not equal to" | "is less than" | "is less than or equal to" | "is greater than" | "is greater than or equal to" | "is between" | "is not between" | "is included in" | "is not included in" | "includes" | "does not include" | "matches pattern" | "does not match pattern" | "is blank" | "is not blank" | "is true" | "is not true" | "is false" | "is not false" | "format is valid" | "format is invalid" | "is obscene" | "is not obscene")[];
  /** Values are masked before anything is stored. */
  maskable: boolean;
}

export interface Finding {
  resolution: "delivered" | "not_delivered";
  /** What it was sold for, in dollars; only with `delivered`. Without it `expected_price` is booked. At most what revenue caps of the step hold for it. */
  price?: number;
  note?: string;
  /** Deliver it again, as a retry that is due at once; only with `not_delivered`. */
  retry?: boolean;
}

export interface FirehoseRecovered {
  /** Rows. */
  recovered: number;
}

export interface FirehoseRecovery {
  flow_id: string;
  service?: "aws" | "azure";
  /** Only what was set aside from then on, ISO 8601; without it all. */
  since?: string;
}

export interface FirehoseState {
  flow_id: string;
  service: "aws" | "azure";
  /** In the deployed flow; what waits is sent in either case. */
  enabled: boolean;
  bucket: string;
  prefix: string;
  credential_id: string | null;
  state: "idle" | "sending" | "failing";
  /** Rows that wait: one for each lead, and one for each later event; counted up to 100000. */
  waiting: number;
  /** More wait than are counted. */
  waiting_more: boolean;
  /** The oldest of those that were counted. */
  waiting_since: string | null;
  /** Rows that were refused for what they are; POST /firehose/recover sends them. */
  set_aside: number;
  /** Of the last of them. */
  set_aside_reason: string | null;
  /** Events in all. */
  delivered: number;
  delivered_at: string | null;
  failing_since: string | null;
  fault: BucketFault | null;
  /** Failed ones in a row. */
  attempts: number;
  next_attempt_at: string | null;
  /** The last 20 times that it failed, newest first. */
  faults: {
    /** `unreachable`: nothing was sent; `slow`: no answer in time; `broken`: the connection ended; `auth`: the credential; `missing`: the bucket or its region; `full`: no more at this rate, or at all; `unavailable`: a fault of the service; `object`: this object alone. */
    kind: "unreachable" | "slow" | "broken" | "auth" | "missing" | "full" | "unavailable" | "object";
    reason: string;
    began_at: string | null;
    /** null: it fails still. */
    ended_at: string | null;
  }[];
}

export interface FirehoseVerification {
  /** Every one of them was. */
  verified: boolean;
  services: {
    service: "aws" | "azure";
    bucket: string;
    prefix: string;
    verified: boolean;
    /** The file that was written; null: none was. */
    file: string | null;
    fault: BucketFault | null;
  }[];
}

/** The document of `POST /flows` and `PUT /flows/{id}`. */
export interface Flow {
  /** For editors: the address of the JSON Schema. (stored, has no effect) */
  $schema?: string | null;
  /** May be chosen when the flow is made, and stays. Default: a new one. */
  id?: string | null;
  /** For people; the variable `flow.name`. */
  name: string;
  /** Switched off, every lead ends as `error`, with the reason `Flow is disabled`. */
  enabled: boolean;
  /** Ids of the fields a lead keeps; everything else that is submitted is dropped. */
  fields: string[];
  /** Who may submit, and on which terms. */
  sources: FlowSource[];
  /** Filters and recipients, in the order they run. */
  steps: FlowStep[];
  /** How many leads are taken per window, or how much money. A lead takes a place in each cap whose rules match. Default: no bound. */
  caps?: FlowCap[] | null;
  /** Rules a lead must pass to be taken; the flow’s are asked before the source’s. Default: every lead is taken. */
  acceptance_criteria?: FlowAcceptanceCriteria | null;
  /** When leads are taken, asked before the criteria. Default: always. */
  hours_of_operation?: FlowHoursOfOperation | null;
  /** What a lead costs: the flow’s price first, then the source’s, else 0. On a step: what the recipient pays. Default: price 0. */
  pricing?: FlowPricing | null;
  /** A service that is asked for the price of each lead; then `pricing` of the same level has no effect. */
  pricing_service?: FlowPricingService | null;
  /** Values looked up in lists before rules are asked. */
  list_checks?: FlowListChecks | null;
  /** Receivers of every lead the steps have processed without an error. */
  destinations?: FlowDestination[] | null;
  /** Whether pings are answered, at `/ping` in the place of `/submit`; otherwise their senders get 404. Default: false. */
  ping_enabled?: boolean | null;
  /** How many pings are accepted per window; one more is a failure, `Ping limit reached`. Default: no bound. */
  ping_limits?: FlowPingLimit[] | null;
  /** How long a post may have the price of its ping. Ours. Default: 300. */
  ping_life_seconds?: number | null;
  /** Copies every event as a JSON object to buckets of S3 and Azure ([firehose](../guides/firehose.md)). */
  firehose?: FlowFirehose | null;
  /** In answers of the original. (stored, has no effect) */
  level?: string | null;
  /** What keeps the flow from running, by path. (read-only) */
  errors?: unknown;
  /** What can run and is probably not meant ([lint.md](lint.md)). (read-only) */
  warnings?: unknown;
  /** The number of the saved revision. (read-only) */
  revision?: number | null;
  /** The revision leads run on. (read-only) */
  deployed_revision?: unknown;
  /** When. (read-only) */
  created_at?: unknown;
  /** When. (read-only) */
  updated_at?: unknown;
}

/** Which leads are taken. */
export interface FlowAcceptanceCriteria {
  /** A lead that does not pass is refused. */
  rule_set: FlowRuleSet;
  /** Its outcome: success, failure or error. Default: `failure`. */
  outcome?: string | null;
  /** The reason the sender gets. Default: made from the rule that failed. */
  reason?: string | null;
}

/** One address of a destination. */
export interface FlowAction {
  /** Which one. */
  action_id?: string | null;
  /** Nothing: the name is that of the destination’s action. (stored, has no effect) */
  name?: string | null;
  /** Nothing: the address is that of the destination’s action. (stored, has no effect) */
  webhook_url?: string | null;
}

/** How long a return waits for a decision. */
export interface FlowApproval {
  /** When the default decides. */
  deadline: FlowSpan;
  /** What becomes of a return that is still open then. */
  default: "accept" | "decline";
}

/** One bucket. */
export interface FlowBucket {
  /** Whether events are copied there. Default: false. */
  enabled?: boolean | null;
  /** The stored credential, of the type `aws` or `azure` ([firehose](../guides/firehose.md)). */
  credential_id?: string | null;
  /** The bucket; of Azure the container. */
  bucket?: string | null;
  /** The beginning of the names of objects: `<prefix>/<lead id>/<event id>.json`. Default: none. */
  prefix?: string | null;
  /** Of Azure, in the place of a credential. Stored encrypted; answers have asterisks, which keep it when they are sent back. */
  connection_string?: string | null;
}

/** A recipient of a distribution: what a recipient step has, and its place among the others. */
export interface FlowCandidate {
  /** May stay in a recipient step that is moved here. Distributions and filters cannot be inside of a distribution. Default: `recipient`. */
  type?: "recipient" | null;
  /** Names it across revisions, as the id of a step: its turns and its events belong to it. Default: a new one. */
  id?: string | null;
  /** For people. */
  description?: string | null;
  /** For people. */
  notes?: string | null;
  /** Switched off, it is offered nothing. Default: true. */
  enabled?: boolean | null;
  /** Which leads it is offered. Default: every lead. */
  rule_set?: FlowRuleSet | null;
  /** Who receives; required. */
  entity: FlowEntity;
  /** The module that delivers, such as `leadconduit-custom.outbound.json`; its mappings fill the module’s properties. Required. */
  integration: FlowIntegration;
  /** How many deliveries are made per window, or for how much; full, it is offered nothing. Default: no bound. */
  caps?: FlowCap[] | null;
  /** What the recipient pays; with `override`, the price it answers. Default: price 0. */
  pricing?: FlowPricing | null;
  /** Which feedback the recipient may send of leads it accepted ([feedback](../guides/feedback.md)). Default: none. */
  feedback?: FlowRecipientFeedback | null;
  /** A delivery that ended as `error` is tried again. Default: false. */
  retry_enabled?: boolean | null;
  /** The recipient recognises repeated requests by their `Idempotency-Key`, so one that may have arrived is retried too. Default: false. */
  idempotent?: boolean | null;
  /** An answer with a 4xx status is a `failure` whatever its body says. Default: false. */
  strict_status?: boolean | null;
  /** The name under which later rules and templates read what it appended. Default: the entity’s name in snake case. */
  key?: string | null;
  /** Nothing: the rules of a step are its `rule_set`. (stored, has no effect yet) */
  acceptance_criteria?: unknown;
  /** The stored credential that it authenticates with ([credentials](../guides/credentials.md)). */
  credential_id?: string | null;
  /** When it is offered leads. Default: always. */
  hours_of_operation?: FlowHoursOfOperation | null;
  /** With `weighted`: its part of the offers in relation to the others. 0: it is offered a lead only when none of the others takes it. Default: 1. */
  weight?: number | null;
  /** With `percentage`, where it is required: its part of the sales, of 100. */
  percentage?: number | null;
  /** With `priority`: higher ones are offered the lead first, equal ones in the order of the list. Default: 0. */
  priority?: number | null;
  /** Lower ones are offered the lead first, each tier by the method; the next one only what is not sold often enough. Default: 1. */
  tier?: number | null;
  /** When it accepts, no other recipient gets the lead. It is offered before the others of its tier, and only while the lead is unsold. Default: false. */
  exclusive?: boolean | null;
  /** With `highest_bid`: the question for its bid. The `price` of an answer whose outcome is `success` is the bid, above 0. Default: what its `pricing` says is its bid. */
  bid?: FlowIntegration | null;
}

/** A bound on how many leads are taken per window, or on their money ([limits](../guides/limits.md)). */
export interface FlowCap {
  /** Its counter belongs to the id: keep it when the flow is saved again. Default: a new one. */
  id?: string | null;
  /** For people, and for recognising it in a body without ids. */
  name?: string | null;
  /** Per window: a whole number of leads, or dollars with up to four decimals. 0 takes none. */
  maximum: number;
  /** Length of the window in `duration_units`. */
  duration: number;
  /** Calendar units in the time zone. */
  duration_units: "month" | "week" | "day" | "hour" | "minute";
  /** When its days, weeks and months begin. Default: the account’s. */
  time_zone?: string | null;
  /** Anchors windows of several units. Default: when it was first saved. */
  created_at?: string | null;
  /** `volume` counts leads, or deliveries of a step. `revenue` counts dollars: of a flow or source what leads cost (`cost`), of a step what the recipient pays (`revenue`). */
  type: "volume" | "revenue";
  /** Only leads that pass count. Default: every lead. */
  rule_set?: FlowRuleSet | null;
  /** Caps inside this one, for the leads that count here. Default: none. */
  caps?: FlowCap[] | null;
  /** The reason when it is full. Default: `Cap reached`. */
  reason?: string | null;
}

/** Conversions that a recipient may send. */
export interface FlowConversions {
  /** Whether they are taken; otherwise they get 409. Default: false. */
  enabled?: boolean | null;
  /** Those of other leads are a `failure`. Default: every lead. */
  rule_set?: FlowRuleSet | null;
}

/** Open periods of each day of the week. */
export interface FlowDays {
  /** Open periods; a day without one is closed. */
  monday?: FlowPeriod[] | null;
  /** Open periods; a day without one is closed. */
  tuesday?: FlowPeriod[] | null;
  /** Open periods; a day without one is closed. */
  wednesday?: FlowPeriod[] | null;
  /** Open periods; a day without one is closed. */
  thursday?: FlowPeriod[] | null;
  /** Open periods; a day without one is closed. */
  friday?: FlowPeriod[] | null;
  /** Open periods; a day without one is closed. */
  saturday?: FlowPeriod[] | null;
  /** Open periods; a day without one is closed. */
  sunday?: FlowPeriod[] | null;
}

/** A destination of `GET /destinations` that this flow uses. */
export interface FlowDestination {
  /** Which one; required to deploy. */
  instance_id?: string | null;
  /** Which of its actions. Default: all. */
  actions?: FlowAction[] | null;
  /** Nothing: the name is that of the destination. (stored, has no effect) */
  name?: string | null;
  /** In answers of the original. (stored, has no effect) */
  integration_name?: unknown;
  /** In answers of the original. (stored, has no effect) */
  integration_icon_url?: unknown;
  /** In answers of `GET /destinations`. (stored, has no effect) */
  flow_usages?: unknown;
}

/** What people change in a flow before they publish it. */
export interface FlowDraft {
  flow_id: string;
  /** Rises with every change; no version of a flow comes twice. */
  version: number;
  /** The saved revision that the draft changes. */
  base_revision: number;
  saved_revision: number;
  /** Of what runs; null: it was never deployed. */
  deployed_revision: number | null;
  /** The Flow document as it was sent, perhaps unfinished. */
  document: unknown;
  /** What keeps it from being published, by path. */
  errors: Record<string, string>;
  /** [lint.md](lint.md) */
  warnings: {
    path: string;
    message: string;
    check: string;
  }[];
  /** The revision that `changes` are against; null: it is not kept any more. */
  since: number | null;
  changes: {
    /** The changes in words. */
    sentences: string[];
    /** The same place by place, without secrets. */
    changes: {
      action: "added" | "removed" | "changed" | "moved";
      /** The name of the property, or of the list. */
      target: string;
      /** `caps.0.maximum`; of what was removed, the place it had. */
      delta_path: string;
      /** null: it was not there. */
      previous: {
        value: unknown;
        index: number | null;
      } | null;
      /** null: it was not there. */
      current: {
        value: unknown;
        index: number | null;
      } | null;
    }[];
    /** Changes beyond the bound of the list. */
    more_changes: number;
  };
  updated_at: string;
  user: Actor;
}

/** A list check that enters what it looked for. */
export interface FlowDuplicateCheck {
  /** What is looked for; a blank value is not checked. Give this or `values`. */
  value?: string | null;
  /** Several values, of which any may be found. Those that are not blank are looked for, entered and given back together. */
  values?: (string | FlowListValue)[] | null;
  /** The list; it is made at deploy if there is none. Needed unless each of `values` has a list of its own. */
  list_name?: string | null;
  /** How far back entries count. Default: for ever. */
  lookback?: FlowLookback | null;
  /** Whether the value is entered. Default: true. */
  add?: boolean | null;
}

/** A sender or a recipient. */
export interface FlowEntity {
  /** Of a source, the id in its submit URL. Default: a new one. */
  id?: string | null;
  /** The variables `source.name` and `recipient.name`. */
  name?: string | null;
  /** Nothing: windows follow the time zone of the cap, of the hours, or the account’s. (stored, has no effect) */
  time_zone?: string | null;
}

/** Where events are copied to. The first four are the older form, of one bucket of S3; `services.aws` is taken in their place. */
export interface FlowFirehose {
  /** Whether events are copied there. Default: false. */
  enabled?: boolean | null;
  /** The stored credential, of the type `aws` or `azure` ([firehose](../guides/firehose.md)). */
  credential_id?: string | null;
  /** The bucket; of Azure the container. */
  bucket?: string | null;
  /** The beginning of the names of objects: `<prefix>/<lead id>/<event id>.json`. Default: none. */
  prefix?: string | null;
  /** The newer form: each service by itself, with its own `enabled`. */
  services?: FlowServices | null;
}

export interface FlowFunnel {
  timeframe: {
    start: string;
    end: string;
  };
  submitted: number;
  outcomes: Record<string, number>;
  /** In their order; null: there are more than 50,000 leads, ask for less time. */
  phases: {
    phase: string;
    reached: number;
    left: number;
  }[] | null;
  /** As the flow is saved, recipients of a distribution behind it; then steps that are not there any more. */
  steps: {
    step_id: string;
    type: "filter" | "recipient";
    /** Leads with an event of the step. */
    reached: number;
    /** Leads that a filter stopped. */
    left: number;
    outcomes: Record<string, number>;
    /** What half of the deliveries of the flow to the recipient of the step took at most, in the hours of the time frame; right to 5 %. null: nothing was delivered. */
    p50_ms: number | null;
    /** The same of 95 in 100. */
    p95_ms: number | null;
  }[];
}

/** When leads are taken. */
export interface FlowHoursOfOperation {
  /** Switched off, always open. Default: true. */
  enabled?: boolean | null;
  /** Of the periods. Default: the account’s. */
  time_zone?: string | null;
  /** The periods of each day. */
  days?: FlowDays | null;
}

/** A module and what it is given ([modules.md](modules.md)). */
export interface FlowIntegration {
  /** The module. */
  module_id: string;
  /** Values of its properties, in order; of two for one property the later one wins. Default: none. */
  mappings?: FlowMapping[] | null;
}

/** A look into a list. */
export interface FlowListCheck {
  /** What is looked for; a blank value is not checked. Give this or `values`. */
  value?: string | null;
  /** Several values, of which any may be found. Those that are not blank are looked for, entered and given back together. */
  values?: (string | FlowListValue)[] | null;
  /** The list; it is made at deploy if there is none. Needed unless each of `values` has a list of its own. */
  list_name?: string | null;
  /** How far back entries count. Default: for ever. */
  lookback?: FlowLookback | null;
}

/** What is looked up in lists. Each sets a variable; a rule on it turns leads away. */
export interface FlowListChecks {
  /** Sets `suppressionlist.is_duplicate`, and enters the value when the lead is taken. */
  duplicate?: FlowDuplicateCheck | null;
  /** Sets `suppressionlist.is_existing_customer`. */
  existing_customer?: FlowListCheck | null;
  /** Sets `suppressionlist.is_dnc`. */
  dnc?: FlowListCheck | null;
}

/** One of several values of a list check. */
export interface FlowListValue {
  /** What is looked for. */
  value: string;
  /** The list it is looked up in. Default: that of the check. */
  list_name?: string | null;
}

/** How far back entries of a list count. */
export interface FlowLookback {
  /** How many. */
  value: number;
  /** Of which unit. */
  interval: "minute" | "hour" | "day" | "week" | "month" | "year";
}

/** One property and what fills it. */
export interface FlowMapping {
  /** Names it across revisions. Default: a new one. */
  id?: string | null;
  /** Of a recipient: a property of the module. Of a source: a field, with or without `lead.`. */
  property: string;
  /** What it is given. */
  value: string | number | boolean | null | (string | null)[];
  /** Only leads that pass are mapped. Default: every lead. */
  rule_set?: FlowRuleSet | null;
}

/** The least difference between two prices: one of the two. */
export interface FlowMargin {
  /** In dollars. */
  amount?: number | null;
  /** A part of the sale price, of 100. */
  percent?: number | null;
}

/** A time of the day, the start inside and the end outside. */
export interface FlowPeriod {
  /** From. */
  start: string;
  /** Until; `24:00` is the end of the day. */
  end: string;
}

/** A bound on how many pings are taken per window. */
export interface FlowPingLimit {
  /** Its counter belongs to the id: keep it when the flow is saved again. Default: a new one. */
  id?: string | null;
  /** For people, and for recognising it in a body without ids. */
  name?: string | null;
  /** Places per window; 0 takes none. */
  maximum: number;
  /** Length of the window in `duration_units`. */
  duration: number;
  /** Calendar units in the time zone. */
  duration_units: "month" | "week" | "day" | "hour" | "minute";
  /** When its days, weeks and months begin. Default: the account’s. */
  time_zone?: string | null;
  /** Anchors windows of several units. Default: when it was first saved. */
  created_at?: string | null;
}

/** One price and the leads that have it. */
export interface FlowPrice {
  /** Names it across revisions. Default: a new one. */
  id?: unknown;
  /** Above 0, with up to four decimals. */
  amount: number;
  /** Which leads. Default: every lead. */
  rule_set?: FlowRuleSet | null;
}

/** Prices by rules, or by the other side. */
export interface FlowPricing {
  /** The submitted `price` is the price; on a step, the one the recipient answers. `prices` must be empty. Default: false. */
  override?: boolean | null;
  /** Of the prices whose rules match the last one counts. Default: none. */
  prices?: FlowPrice[] | null;
  /** On a step with `override`: the most that is booked of the price the recipient answers. A revenue cap of the step needs it, because it is held before the delivery. Default: no bound. */
  maximum_price?: number | null;
}

/** A service that is asked for prices. */
export interface FlowPricingService {
  /** Which one, as `GET /pricing_services` lists them; required to deploy. */
  service_id?: string | null;
  /** The price when it gives none in time. */
  fallback_price: number;
}

/** Which feedback a recipient may send of leads it accepted. */
export interface FlowRecipientFeedback {
  /** Returns: they take back what the recipient paid. Default: none. */
  returns?: FlowReturns | null;
  /** Conversions. Default: none. */
  conversions?: FlowConversions | null;
  /** Of both; feedback of other leads is a `failure`. Default: every lead. */
  rule_set?: FlowRuleSet | null;
  /** In answers of the original. (stored, has no effect) */
  integration?: unknown;
}

/** Returns that a recipient may send. A lead is returned once by a recipient. */
export interface FlowReturns {
  /** Whether they are taken; otherwise they get 409. Default: false. */
  enabled?: boolean | null;
  /** How old a lead may be; those of older leads are a `failure`. Default: any age. */
  maximum_age?: FlowSpan | null;
  /** Those of other leads are a `failure`. Default: every lead. */
  rule_set?: FlowRuleSet | null;
  /** The reasons a return may have, without regard to case; any other is a `failure`. Default: any, or none. */
  reasons?: string[] | null;
  /** Returns wait until somebody accepts or declines them. Default: they are accepted at once. */
  approval?: FlowApproval | null;
  /** An accepted return also takes back what the lead cost. Where the source is asked, its answer decides instead. Default: false. */
  refund_cost?: boolean | null;
}

export interface FlowRevision {
  revision: number;
  saved_at: string;
  /** When it was last made live; null: it never was. */
  deployed_at: string | null;
  /** It is the last one. */
  is_saved: boolean;
  /** Leads run on it. */
  is_deployed: boolean;
  /** Who saved it; null: it is not known. */
  user: Actor | null;
  /** What they said about it when they published it; null: nothing. */
  note: string | null;
  /** What it changed, in words; empty for the first one. */
  sentences: string[];
}

/** One test of a variable; with `rules` it is a rule set. */
export interface FlowRule {
  /** Names it across revisions. Default: a new one. */
  id?: string | null;
  /** The variable, or a template. */
  lhv?: string | null;
  /** The operator ([operators.md](operators.md)); of a rule set `and` or `or`. */
  op?: string | null;
  /** What it is compared with. */
  rhv?: string | number | boolean | null | string[] | null;
  /** Must pass, too. */
  rule_set?: FlowRuleSet | null;
  /** Of a rule set: its rules. */
  rules?: FlowRule[] | null;
}

/** Rules that are asked together. */
export interface FlowRuleSet {
  /** Names it across revisions. Default: a new one. */
  id?: string | null;
  /** All must pass, or one. */
  op: "and" | "or";
  /** Rules, and rule sets among them. None: every lead passes. */
  rules: FlowRule[];
}

/** The two kinds of buckets. */
export interface FlowServices {
  /** Amazon S3, or what speaks its protocol. */
  aws?: FlowBucket | null;
  /** Azure Blob Storage. */
  azure?: FlowBucket | null;
}

/** Who submits to the flow. Its submit URL carries the id of its entity. */
export interface FlowSource {
  /** Names it across revisions. Default: a new one. */
  id?: string | null;
  /** The module that reads the request, such as `leadconduit-default.inbound`; its mappings rename and set what was submitted. */
  integration: FlowIntegration;
  /** Who submits. */
  entity: FlowEntity;
  /** Rules a lead must pass to be taken; the flow’s are asked before the source’s. Default: every lead is taken. */
  acceptance_criteria?: FlowAcceptanceCriteria | null;
  /** How feedback that was accepted is relayed to the source; its answer decides. Default: nothing is relayed. */
  feedback?: FlowSourceFeedback | null;
  /** How many leads are taken per window, or how much money. A lead takes a place in each cap whose rules match. Default: no bound. */
  caps?: FlowCap[] | null;
  /** How many pings are accepted per window; one more is a failure, `Ping limit reached`. Default: no bound. */
  ping_limits?: FlowPingLimit[] | null;
  /** The id of the one API key that may submit, as the password of HTTP Basic; it is then required. */
  credential_id?: string | null;
  /** What a lead costs: the flow’s price first, then the source’s, else 0. On a step: what the recipient pays. Default: price 0. */
  pricing?: FlowPricing | null;
  /** A service that is asked for the price of each lead; then `pricing` of the same level has no effect. */
  pricing_service?: FlowPricingService | null;
  /** Switched off, senders get 403. Default: true. */
  enabled?: boolean | null;
  /** Senders must give an API key of the account that may submit here as the password of HTTP Basic. Default: false. */
  authentication_required?: boolean | null;
  /** Origins whose pages may send here; a page of any other gets 403. Requests without an origin are taken. Default: every origin. */
  allowed_origins?: string[] | null;
  /** Hosts that the `redir_url` of a submission may lead to; any other is answered with 400. `*.example.com` stands for every host below example.com. Default: every host. */
  redirect_hosts?: string[] | null;
  /** How long the whole lead may take; steps get what is left. Default: no bound of its own. */
  deadline_seconds?: number | null;
  /** Variables the answer carries beside outcome, reason, lead id and price. Default: those of the module. */
  response_fields?: string[] | null;
}

/** How feedback that was accepted is relayed to the source. */
export interface FlowSourceFeedback {
  /** The module that sends it, such as `leadconduit-custom.outbound.json`; its mappings read the lead and `feedback.type`, `feedback.reason` and `feedback.timestamp`. Default: nothing is relayed. */
  integration?: FlowIntegration | null;
  /** Which feedback is relayed. Default: all. */
  rule_set?: FlowRuleSet | null;
}

/** A length of time. */
export interface FlowSpan {
  /** How many. */
  value: number;
  /** Of which unit. */
  interval: "minute" | "hour" | "day" | "week" | "month" | "year";
}

/** A filter, which stops the lead when its rules match, a recipient, which is delivered to, or a distribution, which offers the lead to several recipients. */
export type FlowStep = {
  /** Which of the three. */
  type: "filter" | "recipient" | "distribution";
  /** Names it across revisions. Default: a new one. */
  id?: string | null;
  /** For people. */
  description?: string | null;
  /** For people. */
  notes?: string | null;
  /** Switched off, it does not run and leaves no event. Default: true. */
  enabled?: boolean | null;
  /** The lead’s outcome: success, failure or error. Default: `failure`. */
  outcome?: string | null;
  /** The reason the sender gets. Default: `Failed rules`. */
  reason?: string | null;
  /** Of a filter, where it is required: matching leads stop here. Of a recipient: other leads are a `skip`. Default: every lead. */
  rule_set?: FlowRuleSet | null;
  /** Who receives; required. */
  entity?: FlowEntity | null;
  /** The module that delivers, such as `leadconduit-custom.outbound.json`; its mappings fill the module’s properties. Required. */
  integration?: FlowIntegration | null;
  /** How many deliveries are made per window, or for how much; full, the step is a `skip`. Default: no bound. */
  caps?: FlowCap[] | null;
  /** What the recipient pays; with `override`, the price it answers. Default: price 0. */
  pricing?: FlowPricing | null;
  /** Which feedback the recipient may send of leads it accepted ([feedback](../guides/feedback.md)). Default: none. */
  feedback?: FlowRecipientFeedback | null;
  /** A delivery that ended as `error` is tried again. Default: false. */
  retry_enabled?: boolean | null;
  /** The recipient recognises repeated requests by their `Idempotency-Key`, so one that may have arrived is retried too. Default: false. */
  idempotent?: boolean | null;
  /** An answer with a 4xx status is a `failure` whatever its body says. Default: false. */
  strict_status?: boolean | null;
  /** Nothing: the rules of a step are its `rule_set`. (stored, has no effect yet) */
  acceptance_criteria?: unknown;
  /** The stored credential that it authenticates with ([credentials](../guides/credentials.md)). */
  credential_id?: string | null;
  /** For people, and the step’s `key`. */
  name?: string | null;
  /** How it chooses who is offered the lead ([selling](../guides/selling.md)). Required. */
  method?: "waterfall" | "priority" | "round_robin" | "weighted" | "percentage" | "send_all" | "highest_bid" | null;
  /** Who may be offered the lead. Required. */
  recipients?: FlowCandidate[] | null;
  /** Recipients that may accept a lead. Default: 1; with `send_all` all of them. */
  max_sales?: number | null;
  /** With `highest_bid`: how many ms all bids of a tier may take together, and never more than the deadline of the source leaves. Default: 1000. */
  bid_timeout_ms?: number | null;
  /** With `highest_bid`: a lower bid does not get the lead. Default: each bid above 0 may get it. */
  minimum_price?: number | null;
  /** With `highest_bid`: what each sale must leave above the cost of the lead. Default: anything. */
  margin_floor?: FlowMargin | null;
  /** With `highest_bid`: buyers are asked during a ping, whose price is the best bid less `margin_floor`, whatever the prices of flow and source are; the post that redeems it is sold at these bids, and asks none again. Default: false. */
  bids_price_pings?: boolean | null;
  /** The name under which later rules and templates read what it appended; of a distribution behind `distribution.`. Default: the name of the entity or of the distribution in snake case. */
  key?: string | null;
};

export interface FlowWithPricingService {
  id: string;
  name: string;
}

export interface GivenBatch {
  id?: unknown;
  name: string;
  /** Off: it collects rows, and no schedule delivers them. */
  enabled?: boolean;
  columns: {
    /** What steps map as `row.<name>`. */
    name: string;
    /** In the first line of the file; the name unless given. */
    header?: string;
  }[];
  /** `csv` unless given. */
  format?: "csv" | "tsv" | "pipe";
  /** `utf-8` unless given. */
  encoding?: "utf-8" | "utf-8-bom" | "iso-8859-1";
  /** A first line with the headers; on unless given. */
  header?: boolean;
  /** A value that a spreadsheet would take for a formula begins with an apostrophe; on unless given. */
  escape_formulas?: boolean;
  zip?: boolean;
  /** With `{id}`; `{batch}`, `{date}` and `{time}` as you like; the ending is added. */
  file_name?: string;
  /** Rows of one file; more rows are more files. 10,000 unless given. */
  rows_max?: number;
  /** Bytes of one file before it is zipped; 5,000,000 unless given, and 7,500,000 at most by `email`. */
  bytes_max?: number;
  /** A run by the schedule without rows sends a file all the same. */
  send_empty?: boolean;
  /** How long its files and their rows are kept; 30 unless given. */
  keep_days?: number;
  schedule?: GivenBatchSchedule;
  target: GivenBatchTarget;
  waiting_rows?: unknown;
  oldest_row_at?: unknown;
  waiting_files?: unknown;
  running?: unknown;
  next_run_at?: unknown;
  last_run_at?: unknown;
  last_error?: unknown;
  created_at?: unknown;
  updated_at?: unknown;
  deleted_at?: unknown;
}

export interface GivenBatchSchedule {
  /** `manual`: it runs when somebody asks. */
  type: "times" | "interval" | "manual";
  times?: string[];
  /** Of `interval`: from 5 to 1440, counted from local midnight. */
  minutes?: number;
  /** null: every day. */
  days?: ("monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday" | "sunday")[] | null;
  /** null: the account’s. */
  time_zone?: string | null;
}

export interface GivenBatchTarget {
  type: "email" | "sftp" | "s3" | "azure";
  /** The [credential](../guides/credentials.md) of the server: `smtp`, `sftp`, `aws`, `azure`. */
  credential_id: string;
  /** Of `email`: the address of the sender. */
  from?: string;
  /** Of `email`: who gets it. */
  to?: string[];
  /** Of `email`; `{batch}`, `{file}` and `{rows}` are filled in. */
  subject?: string;
  /** Of `email`: what stands above the file; likewise. */
  text?: string;
  /** Of `sftp`: the folder. */
  path?: string;
  /** Of `s3`. */
  bucket?: string;
  /** Of `azure`. */
  container?: string;
  /** Of `s3` and `azure`: what the name of the object begins with. */
  prefix?: string;
}

export interface GivenCapAlerts {
  /** Where alerts are posted to; a public address. null: nowhere. */
  url?: string | null;
  /** Who gets them by e-mail, beside or instead of the webhook; none if nothing is said. */
  emails?: string[];
  /** Percent of the maximum of a cap; 80 and 100 if nothing is said. */
  thresholds?: number[];
  created_at?: unknown;
  updated_at?: unknown;
  secret?: unknown;
  recent?: unknown;
}

export interface GivenCredential {
  id?: unknown;
  name: string;
  /** What it consists of; it cannot be changed. */
  type: "user" | "token" | "api_key" | "oauth2" | "aws" | "azure" | "smtp" | "sftp";
  /** The integration package it is meant for; null: any. */
  package?: string | null;
  /** The user name. Of `user`, `smtp`, `sftp`. */
  username?: string | null;
  /** The password. Of `user`, `smtp`, `sftp`. null or nothing keeps what is stored. */
  password?: string | null;
  /** The token. Of `token`. null or nothing keeps what is stored. */
  token?: string | null;
  /** The key. Of `api_key`. null or nothing keeps what is stored. */
  key?: string | null;
  /** Where it is sent; `none`: only where mappings read it. Of `api_key`. */
  location?: string | null;
  /** The name of the header or the parameter. Of `api_key`. */
  parameter?: string | null;
  /** Where tokens are fetched. Of `oauth2`. */
  token_url?: string | null;
  /** The id of the client. Of `oauth2`. */
  client_id?: string | null;
  /** The secret of the client. Of `oauth2`. null or nothing keeps what is stored. */
  client_secret?: string | null;
  /** What the token is asked for. Of `oauth2`. */
  scope?: string | null;
  /** Whom the token is for. Of `oauth2`. */
  audience?: string | null;
  /** Where the id and the secret are sent when a token is fetched. Of `oauth2`. */
  client_authentication?: string | null;
  /** The id of the key. Of `aws`. */
  access_key_id?: string | null;
  /** The key. Of `aws`. null or nothing keeps what is stored. */
  secret_access_key?: string | null;
  /** A session token. Of `aws`. null or nothing keeps what is stored. */
  session_token?: string | null;
  /** The region of the bucket. Of `aws`. */
  region?: string | null;
  /** The URL of the blobs of the account; without it that of the public cloud. Of `aws`, `azure`. */
  endpoint?: string | null;
  /** The storage account. Of `azure`. */
  account_name?: string | null;
  /** A key of the account. Of `azure`. null or nothing keeps what is stored. */
  account_key?: string | null;
  /** A connection string in the place of the key. Of `azure`. null or nothing keeps what is stored. */
  connection_string?: string | null;
  /** The name of the server. Of `smtp`, `sftp`. */
  host?: string | null;
  /** The port. Of `smtp`, `sftp`. */
  port?: number | null;
  /** How the connection is encrypted. Of `smtp`. */
  security?: string | null;
  /** A private key in PEM or OpenSSH form. Of `sftp`. null or nothing keeps what is stored. */
  private_key?: string | null;
  /** Of the private key. Of `sftp`. null or nothing keeps what is stored. */
  passphrase?: string | null;
  /** The fingerprint of the server’s key, SHA256:…. Of `sftp`. */
  host_key?: string | null;
  created_at?: unknown;
  updated_at?: unknown;
  last_used_at?: unknown;
  expires_at?: unknown;
}

export interface GivenDestination {
  instance_id?: unknown;
  name: string;
  integration_name?: string;
  integration_icon_url?: string;
  actions: {
    name: string;
    /** A new one unless given. Flows name it. */
    action_id?: string;
    /** Where documents are posted to; a public address. */
    webhook_url: string;
  }[];
  flow_usages?: unknown;
  secret?: unknown;
}

export interface GivenFeedback {
  type: "return" | "conversion";
  /** Of the recipient that accepted the lead. */
  recipient_id: string;
  reason?: string;
}

export interface GivenFlowDraft {
  document?: Flow;
  /** Instead of a document: the revision to copy. */
  revision?: number;
  /** The saved revision that the draft changes. */
  base_revision: number;
  /** Of the draft that was read; null or absent: there was none. */
  version?: number | null;
}

export interface GivenPostingLink {
  id?: unknown;
  flow_id?: unknown;
  source_id?: unknown;
  url?: unknown;
  /** Whom vendors ask, such as a name with an e-mail address; null: nobody is named. */
  contact?: string | null;
  /** Shows the caps of the flow and the source that count leads. */
  shows_caps?: boolean;
  /** Shows prices, and caps of dollars with `shows_caps`. */
  shows_prices?: boolean;
  /** Shows no rules, only how many there are, and which parameters are required. */
  hides_rules?: boolean;
  /** Offers a button that posts a real lead, where the source needs no key. */
  allows_live_tests?: boolean;
  created_at?: unknown;
  updated_at?: unknown;
}

export interface GivenPricingService {
  id?: unknown;
  name: string;
  /** Where questions are posted to; a public address. */
  url: string;
  /** The variables it is sent, such as `lead.state`; masked fields are asterisks. */
  variables: string[];
  /** The stored credential it is asked with: `user`, `token`, `oauth2` or `api_key`. null or absent: the signature alone. */
  credential_id?: string | null;
  created_at?: unknown;
  updated_at?: unknown;
  secret?: unknown;
}

export interface GivenReplay {
  document?: Flow;
  /** What is run: the draft, what is saved or deployed, or a revision. Absent: the draft, and without one what is saved. */
  revision?: "draft" | "saved" | "deployed" | number;
  /** How many of the last leads; 200 unless given. */
  last?: number;
  /** Only leads of this source: of its entity, or the source’s own. */
  source_id?: string;
}

export interface GivenReport {
  name: string;
  id?: unknown;
  description?: string | null;
  /** As of `GET /events/stats`; the source outcomes unless given. */
  columns?: unknown[];
  /** Over the properties of events, which all must hold: `{"lhv", "op", "rhv"}`. */
  rules?: unknown[];
  /** `vars.flow.id`, `vars.source.id`, `vars.recipient.id`, `outcome`, `reason`, `purchase_price`, `sale_price`, or a value such as `vars.lead.state`. */
  group_by?: string[];
  /** `true`, unless given: counts leads. `false`: counts events. */
  by_lead?: boolean;
  /** Of a run that names no other, such as `this_14_days`; null: today. */
  timeframe?: string | null;
  /** Splits the time frame; null: it is not split. */
  interval?: "minutely" | "hourly" | "daily" | "weekly" | "monthly" | "yearly" | null;
  /** A name, or seconds east of UTC; null: the account’s. */
  time_zone?: string | null;
  token?: unknown;
  read_only?: unknown;
  share_expires_at?: unknown;
  next_mail_at?: unknown;
  mailed_at?: unknown;
  mail_fault?: unknown;
  created_at?: unknown;
  updated_at?: unknown;
  /** When it is mailed; null: it is not. */
  schedule?: GivenReportSchedule | null;
}

export interface GivenReportSchedule {
  times: string[];
  /** null: every day. */
  days?: ("monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday" | "sunday")[] | null;
  /** Of the times; null: the account’s. */
  time_zone?: string | null;
  /** Addresses of users of the account who may read the report. */
  email_to: string[];
  /** `csv`, unless given: as a file. `html`: as a table. */
  format?: "csv" | "html";
}

export interface GivenRouter {
  id?: unknown;
  name?: string | null;
  /** The inbound module that reads what is submitted; leadconduit-default.inbound unless given. */
  module_id?: string;
  /** The first whose rules a lead passes decides. */
  routes: {
    /** A new one unless given. */
    id?: string;
    /** A flow of the account, as deployed. */
    flow_id: string;
    /** A source of that flow: the id of its entity, or its own. */
    source_id: string;
    /** Which leads; every lead unless given. Rules read fields of the lead, as submitted. */
    rule_set?: {
      rules: unknown[];
      [name: string]: unknown;
    } | null;
  }[];
  revision?: unknown;
  submit_path?: unknown;
  warnings?: unknown;
  created_at?: unknown;
  updated_at?: unknown;
}

export interface GivenTestLead {
  id?: unknown;
  name: string;
  /** Of the source’s entity, or the source’s own. */
  source_id: string;
  /** What is submitted. */
  values: Record<string, unknown>;
  /** When it is submitted; null: when the test is run. */
  now?: string | null;
  /** What lists, caps, recipients and pricing services say, as for `POST /flows/{id}/evaluate`. Without it recipients accept, lists are empty and caps have room. */
  assume?: {
    lists?: {
      duplicate?: boolean;
      existing_customer?: boolean;
      dnc?: boolean;
    };
    caps?: Record<string, {
      count: number;
    }>;
    answers?: Record<string, {
      status?: number;
      headers?: Record<string, string>;
      body?: unknown;
      outcome?: "success" | "failure" | "error" | "skip";
      reason?: string;
      price?: number;
    }>;
    prices?: Record<string, number>;
    random?: number;
  };
  /** What the sender is to be answered. */
  expected: {
    outcome: "success" | "failure" | "error";
    /** Absent: any. */
    reason?: string;
    /** Dollars; absent: any. */
    price?: number;
  };
  updated_at?: unknown;
  user?: unknown;
}

export interface GivenView {
  name: string;
  section: "leads" | "events";
  /** Parameters of `GET /leads` or `GET /events` by name, each a text or a list of texts; also `range` and `view`. `reason`, `lead_id` and rules about values of leads are refused. */
  query: {
    flow_id?: string | string[];
    source_id?: string | string[];
    reason_class?: string | string[];
    start?: string | string[];
    end?: string | string[];
    sort?: string | string[];
    range?: string | string[];
    view?: string | string[];
    outcome?: string | string[];
    resubmitted?: string | string[];
    type?: string | string[];
    recipient_id?: string | string[];
    step_id?: string | string[];
    rules?: string | string[];
  };
  /** `true`: everybody who may read leads has it. `false` unless given. */
  is_shared?: boolean;
}

export interface GivenWebhook {
  id?: unknown;
  name: string;
  /** Where events are posted to; a public address. */
  url: string;
  /** true if nothing is said. false: no further event is added, and what waits is still sent. true starts one again that a receiver has ended. */
  enabled?: boolean;
  /** Only events of these flows; empty: of all flows of the account. */
  flow_ids?: string[];
  /** Only events of these types; empty: of all. */
  types?: ("source" | "recipient" | "filter" | "feedback-received" | "feedback-sent" | "retry")[];
  /** Only events with these outcomes; empty: with all. */
  outcomes?: ("success" | "failure" | "error" | "skip" | "continue" | "stop")[];
  disabled_reason?: unknown;
  disabled_at?: unknown;
  created_at?: unknown;
  updated_at?: unknown;
  secret?: unknown;
}

export interface ImportedFile {
  /** `ascii`, `utf-8`, `utf-16le`, `utf-16be` or `windows-1252`, as it begins. */
  encoding: string;
  gzip: boolean;
  /** null: each line is one value. */
  delimiter: string | null;
  /** Is the first row one of names? */
  header: boolean;
  /** The column that has the values, from 1. */
  column: number;
  columns: {
    name: string | null;
    /** The share of its values that are of the list’s type, 0 to 1. */
    fits: number;
  }[];
}

export interface InstallationMail {
  /** Is mail of the installation sent? */
  is_set: boolean;
  server: {
    host: string;
    port: number;
    /** `starttls`: encrypted before anything else is said; `tls`: from the first byte; `none`: never. */
    security: "starttls" | "tls" | "none";
    /** Does it log in? The login itself is not shown. */
    has_login: boolean;
  } | null;
  /** The sender. */
  from: {
    name: string;
    address: string;
  } | null;
}

export interface Invitation {
  account: {
    name: string;
  };
  email: string;
  first_name: string;
  last_name: string;
  role: string;
  /** `false`: the user has a password, which the link replaces. */
  is_new: boolean;
  expires_at: string;
}

export interface InvitationToken {
  /** What follows `#` in the link. */
  token: string;
}

export interface InvitedUser {
  id: string;
  email: string;
  first_name: string;
  last_name: string;
  role: "owner" | "editor" | "analyst" | "vendor";
  /** `invited`: has not set a password yet. `disabled`: cannot sign in. */
  status: "invited" | "active" | "disabled";
  has_second_factor: boolean;
  created_at: string;
  last_login_at: string | null;
  invitation: {
    /** Give it to the person. It works once and is not shown again. */
    url: string;
    expires_at: string;
  };
}

export interface Job {
  id: string;
  kind: "resubmit" | "import-list" | "import-feedback" | "export" | "import-leads" | "find-held-leads" | "erase-person" | "export-person";
  /** By what came of it: `done` when nothing failed, `failed` when all of it did. `waiting`: for a person to confirm it. */
  state: "queued" | "running" | "waiting" | "paused" | "done" | "done_with_failures" | "cancelled" | "failed";
  asked_by: {
    kind: string;
    id: string;
    name: string;
  };
  progress: {
    done: number;
    total: number | null;
    rate_per_second: number | null;
    eta_seconds: number | null;
  };
  /** Pieces by outcome. */
  counters: Record<string, number>;
  reason: string | null;
  /** How often it was begun; a stop of its server process counts. */
  attempt: number;
  cancel_asked: boolean;
  /** The last 100 lines. */
  log: {
    at: string;
    text: string;
  }[];
  artefacts: {
    name: string;
    url: string;
    content_type: string;
    /** Characters. */
    size: number;
    expires_at: string;
  }[];
  created_at: string;
  started_at: string | null;
  updated_at: string;
  ended_at: string | null;
}

export interface KeptPeriod {
  what: string;
  /** Tables of the database. */
  tables: string[];
  /** `reasons`: in texts that may quote one; `keyed`: keyed hashes alone. */
  values_of_people: "no" | "yes" | "reasons" | "keyed";
  /** How long, with the days of this account: in words. */
  kept: string;
  /** The job that deletes it; null: none does. */
  deleted_by: string | null;
}

export interface Latencies {
  timeframe: {
    start: string;
    end: string;
  };
  latencies: {
    /** Of the flow, the source or the recipient. */
    id: string;
    name: string | null;
    /** Leads, or deliveries. */
    count: number;
    /** Right to 5 %. */
    p50_ms: number | null;
    /** Right to 5 %. */
    p95_ms: number | null;
  }[];
}

export interface Lead {
  id: string;
  flow: {
    id: string;
    name?: string;
  };
  source: {
    id: string;
    name?: string;
  };
  /** Of the flow, when the lead ran. */
  revision: number;
  outcome: "success" | "failure" | "error";
  reason: string | null;
  /** Dollars. */
  price: number;
  submitted_at: string;
  resubmitted_as?: string;
  /** The variables when the lead came in. */
  vars?: unknown;
  events: Event[];
  explanation: {
    phases: ExplainedPhase[];
    steps: ExplainedStep[];
  };
  money: LeadMoney;
}

export interface LeadExplanation {
  id: string;
  flow: {
    id: string;
    name?: string;
  };
  source: {
    id: string;
    name?: string;
  };
  revision: number;
  submitted_at: string;
  answer: {
    outcome: "success" | "failure" | "error";
    reason: string | null;
    /** Dollars. */
    price: number;
    status: number | null;
    /** What stopped the lead; null: nothing did, or it is not known. */
    decided_by: {
      phase: string;
      path: string | null;
      id: string | null;
    } | null;
  };
  phases: ExplainedPhase[];
  steps: ExplainedStep[];
  /** Files of batches that have a row of the lead; absent: none has. */
  files?: {
    /** The delivery that added the row. */
    event_id: string;
    batch_id: string;
    file_id: string;
    name: string;
    state: "waiting" | "delivered" | "failed";
    delivered_at: string | null;
  }[];
  /** Every rule set that was asked, with the rules of it that were not. */
  rule_sets: RuleTree[];
  /** What would have let the lead go on; empty: it went on, or that is not known. */
  would_change: string[];
  /** Why the lead ended as it did, in one sentence. */
  summary: string;
  sentences: string[];
}

export interface LeadFacts {
  id?: string;
  flow?: {
    id: string;
    name?: string;
  };
  source?: {
    id: string;
    name?: string;
  };
  /** Of the flow, when the lead ran. */
  revision?: number;
  outcome?: "success" | "failure" | "error";
  reason?: string | null;
  /** Dollars. */
  price?: number;
  submitted_at?: string;
  resubmitted_as?: string;
  [name: string]: unknown;
}

export interface LeadFile {
  /** `ascii`, `utf-8`, `utf-16le`, `utf-16be` or `windows-1252`, as it begins. */
  encoding: string;
  gzip: boolean;
  /** null: each line is one value. */
  delimiter: string | null;
  /** Is the first row one of names? */
  header: boolean;
  columns: {
    /** From 1. */
    column: number;
    name: string | null;
    /** What it is submitted as; null: it is not imported. */
    field: string | null;
    /** 0 to 1. */
    confidence: number;
    /** What the field was guessed from; `caller`: it was said. */
    because: "id" | "name" | "synonym" | "values" | "nothing" | "caller";
    /** The share of its first values that the type of the field reads, 0 to 1. */
    fits: number;
    /** Some values; only in the answer to the file itself. */
    samples?: string[];
  }[];
}

export interface LeadImport {
  job: Job;
  flow_id: string;
  source_id: string;
  file: LeadFile;
  /** Empty once the job has ended. */
  constants: Record<string, string>;
  invalid: "reject" | "submit";
  /** Rows a second. */
  rate: number;
  /** false: the rows wait for `start`, however far the check is. true: they are submitted once it is done. */
  started: boolean;
  /** null: the file is not checked yet. */
  check: {
    rows: number;
    /** Rows that would not be submitted. */
    rejected: number;
    errors: {
      message: string;
      rows: number;
      /** Numbers of rows, from 1 and without the header. */
      samples: number[];
    }[];
    warnings: {
      message: string;
      rows: number;
      /** Numbers of rows, from 1 and without the header. */
      samples: number[];
    }[];
    /** What would become of the first rows: recipients accept everything, lists are empty and caps have room. */
    preview: {
      rows: number;
      counts: Record<string, number>;
      reasons: {
        outcome: string;
        /** Values in it are `…`. */
        reason: string;
        rows: number;
        sample: number;
      }[];
    };
  } | null;
}

export interface LeadImportChange {
  /** By name or number from 1: the field, or null for a column that is not imported. Others stay. */
  columns?: Record<string, string | null>;
  /** By field: the value of rows that have none of their own. */
  constants?: Record<string, string>;
  invalid?: "reject" | "submit";
  /** Rows a second, at most. */
  rate?: number;
}

export interface LeadImportStart {
  /** Rows a second, at most. */
  rate?: number;
}

export interface LeadMoney {
  /** Dollars. */
  cost: number;
  /** Dollars. */
  revenue: number;
  /** Dollars; less than 0 for a loss. */
  profit: number;
  /** What these sums are made of, in order. Entries are added, never changed. */
  entries: {
    kind: "cost" | "revenue";
    /** Dollars; less than 0 for what was taken back. */
    amount: number;
    reason: "lead" | "delivery" | "return";
    event_id: string | null;
    source_id: string;
    recipient_id: string | null;
  }[];
}

export interface LeadReasons {
  start: string;
  end: string;
  /** All before is counted; null: everything is. */
  counted_until: string | null;
  /** Groups there are. */
  total: number;
  reasons: {
    /** The reason with … for what differs from lead to lead: ask for the entries with the parameter `reason_class`. */
    reason_class: string;
    /** Leads; of events each once for each type, outcome, flow, source, step and recipient. */
    leads: number;
    first_seen: string;
    last_seen: string;
    /** A few that have it, newest first. */
    sample_ids: string[];
  }[];
}

export interface LeadsFound {
  /** Leads found, 1000 at most. */
  total: number;
  hits: SearchHit[];
  /** There may be further leads, older than these: the search ended at 1000 leads, or at its time. Add a word. */
  truncated?: true;
}

export interface LegalHold {
  id: string;
  /** What it was made by; a person is not told again. */
  kind: "leads" | "email" | "phone";
  note: string;
  /** How many leads it keeps; of a person those that were found so far. */
  leads: number;
  created_by: {
    kind: string;
    id: string;
    name: string;
  };
  created_at: string;
}

export interface List {
  id: string;
  name: string;
  /** Made of the first name; it stays when the name changes. */
  url_name: string;
  /** How values are compared: a phone by its international number, a postal code of the United States by its five digits, a contact as a phone or as an e-mail address, everything else trimmed and in lower case. `md5` is a text that is known by its MD5, too. */
  type: "phone" | "email" | "postal_code" | "contact" | "text" | "md5";
  /** A value of 32 hexadecimal digits is the MD5 of one: of the trimmed text in lower case, of the digits of a phone. */
  allows_md5: boolean;
  /** Entries end so many seconds after they were added; null: they stay. */
  ttl: number | null;
  /** Entries; above 10 000 as of the last count, which is made every hour. */
  count: number;
  /** Imports that were begun. */
  total_jobs: number;
  created_at: string;
  updated_at: string;
}

export interface ListItemFound {
  specified_lists: string[];
  /** The value as it was asked for. */
  key: string;
  found: true;
  exists_in_lists: string[];
  entries: {
    list_id: string;
    list_url_name: string;
    added_at: string;
  }[];
}

export interface ListedFlowDraft {
  flow_id: string;
  version: number;
  /** The saved revision that the draft changes. */
  base_revision: number;
  updated_at: string;
  user: Actor;
}

export interface ListedReceipt {
  id: string;
  created_at: string;
}

export interface ListedRetry {
  id?: string;
  status?: "waiting" | "running" | "succeeded" | "failed" | "exhausted" | "cancelled" | "unknown";
  /** Made after the first delivery. */
  attempts?: number;
  /** null: none is to come. */
  next_attempt_at?: string | null;
  last_outcome?: string;
  last_reason?: string | null;
  lead_id?: string;
  /** Of the delivery that failed first. */
  event_id?: string;
  flow_id?: string;
  source_id?: string;
  step_id?: string;
  recipient_id?: string;
  created_at?: string;
  updated_at?: string;
}

export interface ListedReturn {
  id?: string;
  type?: "return" | "conversion";
  reason?: string | null;
  status?: "pending" | "relaying" | "accepted" | "declined" | "unanswered" | "refused";
  /** Of the answer; null: it is not final. */
  outcome?: "success" | "failure" | "error" | null;
  outcome_reason?: string | null;
  decided_by?: "rules" | "person" | "deadline" | "source" | null;
  note?: string | null;
  lead_id?: string;
  flow_id?: string;
  source_id?: string;
  step_id?: string;
  recipient_id?: string;
  delivery_event_id?: string;
  /** Its feedback-received event; null: its outcome is not final. */
  event_id?: string | null;
  /** Times the source was asked. */
  attempts?: number;
  /** When the source is asked again. */
  next_attempt_at?: string | null;
  /** When `default_decision` decides. */
  deadline_at?: string | null;
  default_decision?: "accept" | "decline" | null;
  received_at?: string;
  decided_at?: string | null;
}

export interface ListedUnknownDelivery {
  /** Of the delivery. */
  event_id?: string;
  lead_id?: string;
  flow_id?: string;
  source_id?: string;
  step_id?: string;
  recipient_id?: string;
  reason?: string | null;
  /** What it was sold for if it arrived, in dollars: by the price rules, the bid, or with `override` the maximum price. null: unknown. */
  expected_price?: number | null;
  happened_at?: string;
  /** null: it is unresolved. */
  resolved_at?: string | null;
  resolution?: "delivered" | "not_delivered" | null;
  note?: string | null;
}

export interface Liveness {
  status: "ok";
}

export interface Module {
  /** What a flow names it by, as `module_id`. */
  id: string;
  type: "inbound" | "outbound";
  tag: string | null;
  integration_type: string | null;
  link: string | null;
  description: string;
  package: string;
  package_version: string;
  path: string;
  name: string;
  pingable: boolean;
  env_variables: string[];
  /** What mappings may fill. */
  request_variables: ModuleVariable[];
  /** What a step appends. */
  response_variables: ModuleVariable[];
}

export interface ModuleVariable {
  name: string;
  /** A data type, or `wildcard` for an open-ended group such as `header.*`. */
  type: string;
  description: string | null;
  required: boolean;
  default?: string;
  deprecated?: boolean;
  examples?: unknown[];
}

export interface MovedSecret {
  credential: Credential;
  /** The Flow document as saved, with what the server knows of it. */
  flow: SavedFlow;
}

export interface NewApiKey {
  name: string;
  role?: "owner" | "editor" | "analyst" | "vendor";
  /** Instead of a role. */
  permissions?: ("flows.read" | "flows.write" | "flows.deploy" | "flows.replace_all" | "leads.read" | "leads.submit" | "leads.resubmit" | "feedback.send" | "returns.decide" | "leads.test" | "personal_data.read" | "fields.write" | "lists.read" | "lists.write" | "reports.read" | "credentials.manage" | "keys.manage" | "users.manage" | "account.manage" | "privacy.manage" | "activity.read" | "jobs.read" | "jobs.manage")[];
  /** The flows it may submit to. Absent: all. */
  flow_ids?: string[];
  /** The sources it may submit to, as submit URLs name them. Absent: all. */
  source_ids?: string[];
  expires_at?: string;
}

export interface NewEntity {
  id?: string;
  name: string;
  description?: string;
  module_ids: string[];
  /** What it is as a source; null: it is none. */
  source: "form" | "seller" | "other" | null;
  /** What it is as a recipient; null: it is none. */
  recipient: "buyer" | "crm" | "analytics" | "enhancement" | "esp" | "other" | null;
  field_suffix?: string;
  logo_url?: string;
  website?: string;
  time_zone?: string;
  trustedform_certified_vendor?: boolean;
  standard?: unknown;
  account?: unknown;
  pending?: unknown;
  connected?: unknown;
  connected_account_id?: unknown;
  deprecated?: unknown;
  see?: unknown;
  invitation_id?: unknown;
  invitation_expires_at?: unknown;
  expired?: unknown;
  flow_ids?: unknown;
  created_at?: unknown;
  updated_at?: unknown;
}

export interface NewExport {
  /** The first instant; a date or time, UTC unless it has a zone. */
  start: string;
  /** The first instant behind the range; a date is its beginning. Now unless given. */
  end?: string;
  /** `events` unless given. */
  rows?: "events" | "leads";
  /** `csv` unless given; compressed with gzip. */
  format?: "csv" | "jsonl";
  /** The columns in their order, such as `id`, `outcome`, `lead.email`. */
  fields?: string[];
  /** Rules that events must pass, as in `GET /events`. */
  filter_rules?: unknown[];
  /** Only events of these types. */
  type?: string[];
  /** Only rows with these outcomes. */
  outcome?: string[];
  /** Only rows of these flows. */
  flow_id?: string[];
  /** Only rows of these sources, by the ids of their entities. */
  source_id?: string[];
  /** Only events of these recipients. */
  recipient_id?: string[];
  /** `standard` unless given: `yyyy-mm-dd hh:mm:ss` in `time_zone`, which headings name. `legacy`: ISO 8601. */
  date_format?: "standard" | "legacy";
  /** Of times in the file; that of the account unless given. */
  time_zone?: string;
  /** Users of the account that get a message with a link when it has ended. */
  email_to?: string[];
}

export interface NewField {
  id: string;
  name: string;
  type: "boolean" | "city" | "credential" | "date" | "dob" | "email" | "first_name" | "gender" | "ip" | "last_name" | "number" | "phone" | "postal_code" | "range" | "ssn" | "state" | "street" | "string" | "time" | "trustedform_url" | "url";
  description?: string;
  aggregate?: boolean;
  masked?: boolean;
  standard?: unknown;
  deprecated?: unknown;
  see?: unknown;
  examples?: unknown;
  created_at?: unknown;
  updated_at?: unknown;
}

export interface NewLegalHold {
  /** Of the person. */
  email?: string;
  /** Of the person; American unless it begins with another calling code. */
  phone?: string;
  /** These leads, instead of a person. */
  lead_ids?: string[];
  /** For people. */
  note?: string;
}

export interface NewList {
  name: string;
  /** How values are compared: a phone by its international number, a postal code of the United States by its five digits, a contact as a phone or as an e-mail address, everything else trimmed and in lower case. `md5` is a text that is known by its MD5, too. */
  type?: "phone" | "email" | "postal_code" | "contact" | "text" | "md5";
  /** Entries end so many seconds after they were added; null: they stay. */
  ttl?: number | null;
  /** A value of 32 hexadecimal digits is the MD5 of one: of the trimmed text in lower case, of the digits of a phone. */
  allows_md5?: boolean;
}

export interface NewUser {
  email: string;
  role: "owner" | "editor" | "analyst" | "vendor";
  first_name?: string;
  last_name?: string;
}

export interface OwnSession {
  id: string;
  /** The one that asks. */
  is_current: boolean;
  ip: string;
  user_agent: string;
  created_at: string;
  /** Up to a minute old. */
  last_seen_at: string;
  expires_at: string;
}

export interface Package {
  id: string;
  provider: string;
  name: string;
  description: string;
  link: string | null;
  version: string;
  repo_url: string | null;
  /** Of its modules, without the id of the package. */
  paths: string[];
  /** Always false: pages that packages bring are not shown. */
  ui: boolean;
  /** It came with the server. */
  built_in: boolean;
}

export interface PackageWithModules {
  id: string;
  provider: string;
  name: string;
  description: string;
  link: string | null;
  version: string;
  repo_url: string | null;
  /** Of its modules, without the id of the package. */
  paths: string[];
  /** Always false: pages that packages bring are not shown. */
  ui: boolean;
  /** It came with the server. */
  built_in: boolean;
  modules: Module[];
}

export interface PasswordChange {
  current_password: string;
  password: string;
}

export interface PersonExport {
  /** Of the person. */
  email?: string;
  /** Of the person; American unless it begins with another calling code. */
  phone?: string;
  /** These leads, instead of a person. */
  lead_ids?: string[];
}

export interface PickedEvent {
  id?: string;
  type?: "source" | "recipient" | "filter" | "feedback-received" | "feedback-sent" | "retry";
  outcome?: string;
  reason?: string | null;
  /** The variables when the step began. */
  vars?: Record<string, unknown>;
  host?: string;
  handler_version?: string;
  /** Of this form of an event. */
  version?: string;
  module_id?: unknown;
  package_version?: unknown;
  step_id?: string | null;
  key?: unknown;
  /** Epoch ms. */
  start_timestamp?: number;
  /** Epoch ms. */
  end_timestamp?: number;
  ms?: number;
  wait_ms?: number;
  overhead_ms?: number;
  lag_ms?: number;
  total_ms?: number;
  step_count?: unknown;
  cost?: unknown;
  purchase_price?: unknown;
  offered_price?: unknown;
  /** The questions to pricing services; only on source events. */
  asked_prices?: {
    service_id: string;
    level: "flow" | "source";
    /** `fallback`: it gave no price. */
    by: "service" | "fallback";
    price: number | null;
    ms: number;
    /** Why it gave no price. */
    fault: string | null;
  }[];
  sale_price?: unknown;
  revenue?: unknown;
  expected_price?: unknown;
  recipient_revenue?: unknown;
  distributions?: unknown;
  distribution?: unknown;
  /** Of the flow and the source, or of the step. */
  cap_reached?: boolean;
  caps_reached?: unknown;
  stopped_in?: unknown;
  resubmitted_from?: unknown;
  imported?: unknown;
  ping_id?: unknown;
  outer_lead?: unknown;
  inner_lead?: unknown;
  router?: unknown;
  unknown?: unknown;
  not_retried?: unknown;
  warnings?: string[];
  attempt?: unknown;
  retry_id?: unknown;
  retry_status?: unknown;
  recipient_event_id?: unknown;
  resolution?: unknown;
  feedback_id?: unknown;
  feedback_type?: unknown;
  decided_by?: unknown;
  feedback?: unknown;
  interrupted?: unknown;
  flow_ping_limits?: unknown;
  source_ping_limits?: unknown;
  ping_limit_reached?: boolean;
  firehose?: unknown;
  /** When the lead and its events are deleted; null: a legal hold keeps them. */
  expires_at?: string | null;
  acceptance_criteria?: unknown;
  flow_acceptance_criteria?: unknown;
  pricing?: unknown;
  flow_pricing?: unknown;
  appended?: unknown;
  request?: unknown;
  response?: unknown;
  transactions?: Record<string, unknown>[];
  caps?: unknown;
  rule_set?: unknown;
  mappings?: unknown;
  credential?: unknown;
  credential_updated?: unknown;
  explanation?: EventExplanation;
}

/** The Flow document as saved, with what the server knows of it. */
export interface PickedFlow {
  id?: string;
  name?: string;
  /** What keeps it from running, by path. */
  errors?: Record<string, string>;
  /** Of what is saved. */
  revision?: number;
  deployed_revision?: number | null;
  created_at?: string;
  updated_at?: string;
  /** [lint.md](lint.md) */
  warnings?: {
    path: string;
    message: string;
    check: string;
  }[];
  [name: string]: unknown;
}

export interface Ping {
  id: string;
  flow: {
    id: string;
    name?: string;
  };
  source: {
    id: string;
    name?: string;
  };
  /** Of the flow, when it was pinged. */
  revision: number;
  outcome: "success" | "failure";
  reason: string | null;
  /** Dollars. */
  price: number;
  /** What became of the price; `redeeming`: a lead is being processed with it. */
  state: "open" | "redeeming" | "redeemed" | "expired" | "refused";
  ping_limit_reached: boolean;
  submitted_at: string;
  expires_at: string;
  /** When the lead came in that has its price. */
  redeemed_at: string | null;
  /** The lead that has its price, or is being processed with it. */
  lead_id: string | null;
  wait_ms: number | null;
  warnings: string[];
  explanation: {
    phases: ExplainedPingPhase[];
    /** The same in English, the most important first. */
    sentences: string[];
  };
}

/** As JSON, or as XML when `Accept` asks for it. Of a success the header `X-Ping-Id` has the id that a submission names to have the price. */
export interface PingAnswer {
  outcome: "success" | "failure";
  reason?: string;
  /** Dollars; 0 of a failure. */
  price: number;
  [name: string]: unknown;
}

export interface PingFacts {
  id?: string;
  flow?: {
    id: string;
    name?: string;
  };
  source?: {
    id: string;
    name?: string;
  };
  /** Of the flow, when it was pinged. */
  revision?: number;
  outcome?: "success" | "failure";
  reason?: string | null;
  /** Dollars. */
  price?: number;
  /** What became of the price; `redeeming`: a lead is being processed with it. */
  state?: "open" | "redeeming" | "redeemed" | "expired" | "refused";
  ping_limit_reached?: boolean;
  submitted_at?: string;
  expires_at?: string;
  /** When the lead came in that has its price. */
  redeemed_at?: string | null;
  [name: string]: unknown;
}

export interface PingLimitCounter {
  /** Of the ping limit. */
  id: string;
  name: string | null;
  flow_id: string;
  /** Of the source’s entity; null: it is the flow’s. */
  source_id: string | null;
  /** That holds in this window. */
  maximum: number;
  /** Of the flow: another one than `maximum` where this window has its own. */
  deployed_maximum: number;
  duration: number;
  duration_units: "month" | "week" | "day" | "hour" | "minute";
  /** Its own, else the account’s. */
  time_zone: string;
  /** Pings that were accepted in this window. */
  count: number;
  /** Pings the limit refused in this window. */
  failed_count: number;
  /** When the window began. */
  started_at: string;
  /** When the next one begins, at 0. */
  expires_at: string;
  /** null: no ping asked for a place in this window yet. */
  updated_at: string | null;
  /** When the limit was first saved. */
  created_at: string | null;
}

export interface PingStats {
  flow_id: string;
  /** Of the source’s entity. */
  source_id: string;
  started_at: string;
  submitted: number;
  /** Answered with a price. */
  success: number;
  /** Refused by a ping limit. */
  limited: number;
  /** Have led to a lead with their price. */
  redeemed: number;
  success_rate: number | null;
  win_rate: number | null;
}

export interface PostingField {
  /** The name to post. */
  name: string;
  label: string;
  type: string;
  type_id: string;
  required: "yes" | "no" | "when";
  required_when: string | null;
  format: string | null;
  allowed_values: string[] | null;
  allowed_count: number;
  examples: string[];
  max_length: number | null;
  /** null: the source takes no pings. */
  needed_at_ping: boolean | null;
  hint: string | null;
  /** The value is masked before anything is stored. */
  is_masked: boolean;
}

export interface PostingLink {
  id: string;
  flow_id: string;
  /** Of the source’s entity, as in the submit URL. */
  source_id: string;
  /** Of the page; null: it was revoked, or sealed with a key that the server does not have any more. */
  url: string | null;
  contact: string | null;
  /** Shows the caps of the flow and the source that count leads. */
  shows_caps: boolean;
  /** Shows prices, and caps of dollars with `shows_caps`. */
  shows_prices: boolean;
  /** Shows no rules, only how many there are, and which parameters are required. */
  hides_rules: boolean;
  /** Offers a button that posts a real lead, where the source needs no key. */
  allows_live_tests: boolean;
  created_at: string;
  updated_at: string;
}

export interface PostingPage {
  account: {
    name: string;
  };
  flow: {
    name: string;
  };
  source: {
    name: string;
  };
  state: {
    kind: "live" | "test" | "paused";
    sentence: string;
  };
  contact: string | null;
  updated_at: string;
  generated_at: string;
  /** What changed for vendors, newest first. */
  changes: {
    at: string;
    kind: "added" | "removed" | "changed";
    sentence: string;
  }[];
  submit_url: string;
  methods: ("POST" | "GET")[];
  authentication: {
    kind: "none" | "basic";
    sentence: string;
    header: {
      name: string;
      value: string;
      required: boolean;
      sentence: string;
    } | null;
  };
  headers: {
    name: string;
    value: string;
    required: boolean;
    sentence: string;
  }[];
  request_formats: {
    name: "form" | "json" | "xml" | "query";
    media_type: string | null;
    sentence: string;
  }[];
  advice: {
    timeout: string;
    retry: string;
    repeat: string;
  };
  fields: PostingField[];
  other_parameters: string;
  names: {
    is_case_sensitive: boolean;
    sentence: string;
  };
  rules: {
    rules: unknown[];
    hidden_count: number;
  };
  limits: {
    hours: {
      time_zone: string;
      is_open_now: boolean;
      days: {
        day: string;
        periods: {
          start: string;
          end: string;
        }[];
      }[];
      sentence: string;
    } | null;
    /** null: the link does not share them. */
    caps: {
      sentence: string;
      maximum: number;
      duration: number;
      duration_units: string;
      time_zone: string;
    }[] | null;
    body_bytes_max: number;
  };
  /** null: the link does not share prices. */
  price: {
    prices: {
      amount: number;
      sentence: string;
    }[];
    sentence: string;
  } | null;
  sample: {
    values: {
      name: string;
      value: string;
    }[];
    bodies: {
      form: string;
      json: string;
      xml: string;
      query: string;
    };
  };
  responses: {
    kind: string;
    title: string;
    status: number;
    sentence: string;
    may_retry: boolean;
    bodies: {
      format: "json" | "xml" | "text";
      media_type: string;
      body: string;
    }[];
  }[];
  response_members: {
    name: string;
    type: string;
    sentence: string;
    is_always_there: boolean;
  }[];
  ping: {
    url: string;
    sentences: string[];
    life_seconds: number;
    id_header: string;
    id_parameter: string;
  } | null;
  redirect: {
    parameter: string;
    sentence: string;
    hosts: string[] | null;
    example: string;
  } | null;
  feedback: {
    sentence: string;
  } | null;
  tries: {
    url: string;
    sentence: string;
    allows_live: boolean;
  };
  downloads: {
    json: string;
    markdown: string;
    openapi: string;
    postman: string;
    csv: string;
  };
}

export interface PostingTried {
  /** To the submit URL, as it was run. */
  request: {
    method: "POST" | "GET";
    url: string;
    headers: {
      name: string;
      value: string;
    }[];
    body: string | null;
  };
  /** Names that the format cannot carry. */
  left_out: string[];
  response: {
    status: number;
    headers: Record<string, unknown>;
    body: string;
  };
  /** null: it did not become a lead. */
  outcome: "success" | "failure" | "error" | null;
  /** Why, in the names of the page. */
  sentences: string[];
  /** Names that nothing reads, with the one that was probably meant. */
  unused: {
    name: string;
    suggestion: string | null;
  }[];
}

export interface PostingTry {
  format?: "form" | "json" | "xml" | "query";
  accept?: "json" | "xml";
  /** By the names of the page. */
  values: Record<string, string>;
}

export interface PricingServiceOfAccount {
  /** What flows and sources name it by. */
  id: string;
  name: string;
  url: string;
  variables: string[];
  /** The credential it is asked with; null: the signature alone. */
  credential_id: string | null;
  created_at: string;
  updated_at: string;
}

export interface PricingServiceTest {
  /** Values by path. Paths that the service does not have are left out. */
  variables?: Record<string, unknown>;
}

export interface PricingServiceWithSecret {
  /** What flows and sources name it by. */
  id: string;
  name: string;
  url: string;
  variables: string[];
  /** The credential it is asked with; null: the signature alone. */
  credential_id: string | null;
  created_at: string;
  updated_at: string;
  /** The key questions are signed with. Only this answer has it. */
  secret: string;
}

export interface ProblemMark {
  state?: "open" | "acknowledged" | "muted" | "resolved";
  /** Only with `muted`, and needed there: at most 365 days ahead. */
  muted_until?: string;
  note?: string | null;
}

export interface ProblemRetried {
  preview: boolean;
  /** Leads. `delivered_again`: their retry is due at once. `resubmitted`: a job sends them through their flow again. The others are not tried again. */
  counts: {
    leads: number;
    delivered_again: number;
    resubmitted: number;
    succeeded: number;
    sent_again: number;
    delivered_since: number;
    under_way: number;
    unknown: number;
    refused: number;
  };
  /** Of the leads that are resubmitted; null: there are none. */
  job: Job | null;
  /** More than 1000 failures: ask again with it as `after_id`. */
  scan_truncated_at?: string;
}

export interface ProblemRetry {
  /** Default: true; leads are counted, and nothing is sent. */
  preview?: boolean;
  /** Only failures from then on. */
  start?: string;
  /** Only failures until then. */
  end?: string;
  after_id?: string;
  /** Also leads that were a success or were sent again: they may be sold twice. */
  again?: boolean;
}

export interface PublishingOfDraft {
  /** Of the draft that was read. */
  version: number;
  /** What it changes and why; shown with the revision. */
  note?: string | null;
}

export interface Readiness {
  status: "ready";
  checks: Record<string, string>;
}

export interface ReceiptKey {
  algorithm: string;
  /** PEM. */
  public_key: string;
}

export interface ReceiptToVerify {
  id?: string;
  statement: string;
  signature: string;
}

export interface RecipientHealth {
  recipient_id: string;
  /** Scheme, host and port. */
  origin: string;
  /** Of the circuit; open: nothing is sent. */
  state: "closed" | "open" | "half_open";
  /** Requests under way. */
  running: number;
  /** Requests that wait for one of them to end. */
  waiting: number;
  /** Requests that had to wait since the process first sent there. */
  waited: number;
  /** Of the last minute; of an open circuit those that opened it. */
  requests: number;
  errors: number;
  opened_at: string | null;
  next_probe_at: string | null;
  process: {
    node_id: string;
    host: string;
    pid: number;
  };
  reported_at: string;
}

export interface RecordedCapAlert {
  /** The `webhook-id` of each attempt. */
  id: string;
  cap_id: string;
  threshold: number;
  /** When the window of the cap began. */
  started_at: string;
  recorded_at: string;
  state: "waiting" | "sent" | "given_up";
  attempts: number;
  /** Why the last attempt failed. */
  reason: string | null;
}

export interface RenderedTemplate {
  /** One variable alone keeps its type. */
  kind: "literal" | "variable" | "composed";
  /** Typed for a variable alone, with its components; null: it is missing. */
  value: unknown;
  text: string;
}

export interface Replay {
  /** That were replayed. */
  leads: number;
  /** Whose request is not kept any more, or that redeemed a ping. */
  not_replayed: number;
  /** That would have another outcome. */
  flipped: number;
  /** That came to a recipient which had not answered them then. It was taken to accept. */
  assumed: number;
  /** The time was up before all of them were replayed. */
  stopped_early: boolean;
  /** On what runs now. */
  before: {
    success: number;
    failure: number;
    error: number;
    /** The source would not accept them, or the flow has no such source. */
    not_taken: number;
    /** Dollars. */
    revenue: number;
    /** Dollars. */
    cost: number;
    /** Dollars; less than 0 for a loss. */
    profit: number;
  };
  /** On the draft. */
  after: {
    success: number;
    failure: number;
    error: number;
    /** The source would not accept them, or the flow has no such source. */
    not_taken: number;
    /** Dollars. */
    revenue: number;
    /** Dollars. */
    cost: number;
    /** Dollars; less than 0 for a loss. */
    profit: number;
  };
  /** Of those that would have another outcome, the newest 20. */
  samples: {
    lead_id: string;
    submitted_at: string;
    source: {
      id: string;
      name: string | null;
    };
    before: {
      outcome: "success" | "failure" | "error" | "not_taken";
      reason: string | null;
    };
    after: {
      outcome: "success" | "failure" | "error" | "not_taken";
      reason: string | null;
    };
  }[];
}

export interface Report {
  id: string;
  name: string;
  description: string | null;
  columns: Record<string, true>[];
  rules: unknown[];
  group_by: string[];
  by_lead: boolean;
  timeframe: string | null;
  interval: "minutely" | "hourly" | "daily" | "weekly" | "monthly" | "yearly" | null;
  time_zone: string | null;
  schedule: ReportSchedule | null;
  /** Every account has it; copy it to change it. */
  read_only: boolean;
  /** When its link ends; null: it is not shared. */
  share_expires_at: string | null;
  next_mail_at: string | null;
  mailed_at: string | null;
  /** Why the last mail was not sent, or not to everybody; null: everybody has it. */
  mail_fault: string | null;
  created_at: string | null;
  updated_at: string | null;
  /** Only the answer that shares it has the token. */
  token: null;
}

export interface ReportCopy {
  name?: string;
}

export interface ReportPreview {
  name?: string;
  id?: unknown;
  description?: string | null;
  /** As of `GET /events/stats`; the source outcomes unless given. */
  columns?: unknown[];
  /** Over the properties of events, which all must hold: `{"lhv", "op", "rhv"}`. */
  rules?: unknown[];
  /** `vars.flow.id`, `vars.source.id`, `vars.recipient.id`, `outcome`, `reason`, `purchase_price`, `sale_price`, or a value such as `vars.lead.state`. */
  group_by?: string[];
  /** `true`, unless given: counts leads. `false`: counts events. */
  by_lead?: boolean;
  /** Of a run that names no other, such as `this_14_days`; null: today. */
  timeframe?: string | null;
  /** Splits the time frame; null: it is not split. */
  interval?: "minutely" | "hourly" | "daily" | "weekly" | "monthly" | "yearly" | null;
  /** A name, or seconds east of UTC; null: the account’s. */
  time_zone?: string | null;
  token?: unknown;
  read_only?: unknown;
  share_expires_at?: unknown;
  next_mail_at?: unknown;
  mailed_at?: unknown;
  mail_fault?: unknown;
  created_at?: unknown;
  updated_at?: unknown;
  schedule?: unknown;
  start?: string;
  end?: string;
  compare?: "previous_period" | "previous_week" | "previous_month" | "previous_year";
}

/** As a row of `GET /events/stats`; the last one has `total`. */
export interface ReportRow {
  timeframe?: {
    start: string;
    end: string;
  };
  /** Of all rows. */
  total?: true;
  compared?: Record<string, {
    value: number | null;
    difference: number | null;
    ratio: number | null;
  }>;
  /** By column the path of the events behind it; of answers with at most 1000 rows. */
  events?: Record<string, string>;
  [name: string]: unknown;
}

export interface ReportSchedule {
  times: string[];
  days: ("monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday" | "sunday")[] | null;
  time_zone: string | null;
  email_to: string[];
  format: "csv" | "html";
}

export interface ReportSharing {
  /** 90 unless given. */
  expires_in_days?: number;
}

export interface Resubmission {
  lead_ids?: string[];
  query?: {
    flow_id?: string;
    source_id?: string;
    /** Default: failure and error. */
    outcome?: "success" | "failure" | "error";
    reason?: string;
    start?: string;
    end?: string;
    after_id?: string;
    /** Only duplicates of a lead that was still under way then. */
    held_duplicate?: boolean;
    /** As for `POST /events`, of the source event. */
    rules?: unknown[];
  };
  to?: {
    flow_id: string;
    source_id: string;
  };
  /** Default: true; nothing is sent. */
  preview?: boolean;
  /** 1 to 1000, of a job 1 to 10000. */
  limit?: number;
  /** A job sends them: the answer is 202 with the job. */
  as_job?: boolean;
  /** Also leads that were sent again before. */
  again?: boolean;
  /** Also leads whose masked values are lost. */
  with_masked?: boolean;
  /** Names the call: made again, it sends nothing twice. */
  resubmission_id?: string;
}

export interface ResubmissionJob {
  job: Job;
  scan_truncated_at?: string;
}

export interface ResubmissionResult {
  preview: boolean;
  note?: string;
  counts: Record<string, number>;
  leads: {
    lead_id: string;
    outcome: string | null;
    reason: string | null;
    [name: string]: unknown;
  }[];
  /** Not begun: ask again with these. */
  remaining: string[];
  missing: string[];
  scan_truncated_at?: string;
}

export interface Retry {
  id: string;
  status: "waiting" | "running" | "succeeded" | "failed" | "exhausted" | "cancelled" | "unknown";
  /** Made after the first delivery. */
  attempts: number;
  /** null: none is to come. */
  next_attempt_at: string | null;
  last_outcome: string;
  last_reason: string | null;
  lead_id: string;
  /** Of the delivery that failed first. */
  event_id: string;
  flow_id: string;
  source_id: string;
  step_id: string;
  recipient_id: string;
  created_at: string;
  updated_at: string;
}

export interface Return {
  id: string;
  type: "return" | "conversion";
  reason: string | null;
  status: "pending" | "relaying" | "accepted" | "declined" | "unanswered" | "refused";
  /** Of the answer; null: it is not final. */
  outcome: "success" | "failure" | "error" | null;
  outcome_reason: string | null;
  decided_by: "rules" | "person" | "deadline" | "source" | null;
  note: string | null;
  lead_id: string;
  flow_id: string;
  source_id: string;
  step_id: string;
  recipient_id: string;
  delivery_event_id: string;
  /** Its feedback-received event; null: its outcome is not final. */
  event_id: string | null;
  /** Times the source was asked. */
  attempts: number;
  /** When the source is asked again. */
  next_attempt_at: string | null;
  /** When `default_decision` decides. */
  deadline_at: string | null;
  default_decision: "accept" | "decline" | null;
  received_at: string;
  decided_at: string | null;
  /** The events of the delivery, with what was sent and answered, and those of the return. */
  evidence: Event[];
}

export interface ReturnDecision {
  /** For the account; the recipient does not see it. */
  note?: string;
}

export interface RevealedLead {
  lead: Lead;
  explanation: LeadExplanation;
}

export interface RoleList {
  roles: {
    name: "owner" | "editor" | "analyst" | "vendor";
    label: string;
    does: string;
    permissions: ("flows.read" | "flows.write" | "flows.deploy" | "flows.replace_all" | "leads.read" | "leads.submit" | "leads.resubmit" | "feedback.send" | "returns.decide" | "leads.test" | "personal_data.read" | "fields.write" | "lists.read" | "lists.write" | "reports.read" | "credentials.manage" | "keys.manage" | "users.manage" | "account.manage" | "privacy.manage" | "activity.read" | "jobs.read" | "jobs.manage")[];
  }[];
  permissions: {
    name: "flows.read" | "flows.write" | "flows.deploy" | "flows.replace_all" | "leads.read" | "leads.submit" | "leads.resubmit" | "feedback.send" | "returns.decide" | "leads.test" | "personal_data.read" | "fields.write" | "lists.read" | "lists.write" | "reports.read" | "credentials.manage" | "keys.manage" | "users.manage" | "account.manage" | "privacy.manage" | "activity.read" | "jobs.read" | "jobs.manage";
    /** What it allows, in words. */
    opens: string;
  }[];
}

export interface Router {
  id: string;
  name: string | null;
  module_id: string;
  routes: {
    id: string;
    flow_id: string;
    source_id: string;
    rule_set: Record<string, unknown> | null;
  }[];
  /** Each change raises it. */
  revision: number;
  /** Where leads are submitted; with /ping at the end they are pinged. */
  submit_path: string;
  /** What works and is probably not meant, as things are now. */
  warnings: {
    /** Where, with dots: `steps.0.rule_set`; empty for the whole. */
    path: string;
    /** What is wrong and what to do about it. */
    message: string;
    [name: string]: unknown;
  }[];
  created_at: string;
  updated_at: string;
}

export interface RuleTree {
  /** In the Flow document: `steps.1.rule_set`. */
  path: string;
  /** What it belongs to. */
  name: string;
  /** It stopped the lead. */
  is_deciding: boolean;
  /** `passed` of a filter, which stops a lead whose rules hold. */
  stops_when: "passed" | "failed";
  verdict: "passed" | "failed" | "not reached";
  /** Each group before what is in it. `not reached`: an earlier rule had decided. */
  nodes: ({
    kind: "group";
    path: string;
    /** How deep it is nested; the rule set itself has 0. */
    depth: number;
    /** How many of its rules have to hold. */
    holds: "all" | "any";
    verdict: "passed" | "failed" | "not reached";
  } | {
    kind: "rule";
    /** How deep it is nested; the rule set itself has 0. */
    depth: number;
    /** In the Flow document: `steps.0.rule_set.rules.1`. */
    path: string;
    id: string | null;
    /** What a reason calls the left side. */
    label?: unknown;
    lhv: unknown;
    op: unknown;
    /** null: the operator has no right side. */
    rhv: unknown;
    /** What the left side came to; absent: it is missing. */
    left?: unknown;
    right?: unknown;
    /** How far the rule was from passing; null: it does not compare. */
    distance: {
      scale: string;
      /** Below zero: the left side is too small or too early. */
      by: number;
      unit: string | null;
    } | null;
    verdict: "passed" | "failed" | "not reached";
  })[];
}

export interface RulesTrial {
  rule_set: {
    rules: unknown[];
    [name: string]: unknown;
  };
  vars?: Record<string, unknown>;
  types?: Record<string, "boolean" | "city" | "credential" | "date" | "dob" | "email" | "first_name" | "gender" | "ip" | "last_name" | "number" | "phone" | "postal_code" | "range" | "ssn" | "state" | "street" | "string" | "time" | "trustedform_url" | "url">;
  time_zone?: string;
  now?: string;
}

export interface RulesVerdict {
  passed: boolean;
  /** Why not; null: they passed. */
  reason: string | null;
  /** The rules that were evaluated, in that order, with what both sides came to. */
  rules: {
    path: string;
    lhv: unknown;
    op: unknown;
    rhv: unknown;
    /** What the left side came to; absent: it is missing. */
    left?: unknown;
    right?: unknown;
    passed: boolean;
  }[];
  /** Left sides that nothing provides, so that they are always blank. */
  warnings: {
    /** Where, with dots: `steps.0.rule_set`; empty for the whole. */
    path: string;
    /** What is wrong and what to do about it. */
    message: string;
    [name: string]: unknown;
  }[];
}

/** The Flow document as saved, with what the server knows of it. */
export interface SavedFlow {
  id: string;
  name: string;
  /** What keeps it from running, by path. */
  errors: Record<string, string>;
  /** Of what is saved. */
  revision: number;
  deployed_revision: number | null;
  created_at: string;
  updated_at: string;
  /** [lint.md](lint.md) */
  warnings: {
    path: string;
    message: string;
    check: string;
  }[];
  [name: string]: unknown;
}

export interface SearchHit {
  lead_id: string;
  flow_id: string;
  flow_name: string;
  source_id: string;
  source_name: string | null;
  first_name: string | null;
  last_name: string | null;
  email: string | null;
  phone_1: string | null;
  phone_2: string | null;
  address_1: string | null;
  city: string | null;
  state: string | null;
  postal_code: string | null;
  reference: string | null;
  submission_timestamp: string;
  /** By field, the value as HTML: what was looked for is in `<em>`, everything else is escaped. */
  highlight: Record<string, string[]>;
  latest_event: PickedEvent;
}

export interface SecondFactorBeginning {
  password: string;
}

export interface SecondFactorCode {
  code: string;
}

export interface SecondFactorConfirmed {
  /** Each works once. They are not shown again. */
  recovery_codes: string[];
  /** The new one of the session. */
  csrf_token: string;
}

export interface SecondFactorEnrolment {
  /** Base 32, to be typed into an authenticator app. */
  secret: string;
  /** The same as a QR code holds it. */
  otpauth_url: string;
}

export interface SecondFactorRemoval {
  password: string;
  code: string;
}

export interface SecretOfMapping {
  /** The id of the recipient step, or of the recipient of a distribution. */
  step_id: string;
  /** Of the mapping, as it is written: `header.X-Api-Key`. */
  property: string;
  /** Of the credential. */
  name: string;
  /** That was read; 409 where it is not the saved one. Absent: the saved one. */
  revision?: number | null;
}

export interface Session {
  id: string;
  user: User;
  account: {
    id: string;
    name: string;
    time_zone: string;
  };
  /** What the role of the user may do. */
  permissions: string[];
  /** To be sent as `X-CSRF-Token` with every request that is no GET. */
  csrf_token: string;
  created_at: string;
  /** Unless the session is used before. */
  expires_at: string;
}

export interface SharedReport {
  id: string;
  name: string;
  description: string | null;
  columns: Record<string, true>[];
  rules: unknown[];
  group_by: string[];
  by_lead: boolean;
  timeframe: string | null;
  interval: "minutely" | "hourly" | "daily" | "weekly" | "monthly" | "yearly" | null;
  time_zone: string | null;
  schedule: ReportSchedule | null;
  /** Every account has it; copy it to change it. */
  read_only: boolean;
  /** When its link ends; null: it is not shared. */
  share_expires_at: string | null;
  next_mail_at: string | null;
  mailed_at: string | null;
  /** Why the last mail was not sent, or not to everybody; null: everybody has it. */
  mail_fault: string | null;
  created_at: string | null;
  updated_at: string | null;
  /** Behind `/reports/shared/`. Only this answer has it. */
  token: string;
}

export interface ShownApiKey {
  id: string;
  name: string;
  /** The first characters of the key. */
  prefix: string | null;
  role: "owner" | "editor" | "analyst" | "vendor" | null;
  /** What it may do: its own list, or that of its role. */
  permissions: ("flows.read" | "flows.write" | "flows.deploy" | "flows.replace_all" | "leads.read" | "leads.submit" | "leads.resubmit" | "feedback.send" | "returns.decide" | "leads.test" | "personal_data.read" | "fields.write" | "lists.read" | "lists.write" | "reports.read" | "credentials.manage" | "keys.manage" | "users.manage" | "account.manage" | "privacy.manage" | "activity.read" | "jobs.read" | "jobs.manage")[];
  flow_ids: string[] | null;
  source_ids: string[] | null;
  created_at: string;
  created_by: Actor | null;
  expires_at: string | null;
  /** Exact to a minute. */
  last_used_at: string | null;
  revoked_at: string | null;
  /** Until when what the key was before its rotation is valid too. */
  previous_valid_until: string | null;
  /** The key itself: it is shown in this answer and never again. */
  key: string;
}

export interface SignIn {
  email: string;
  password: string;
  /** Of the second factor, or a recovery code. */
  code?: string;
}

export interface Simulation {
  revision?: unknown;
  flow?: unknown;
  source: string;
  submission?: {
    method?: "POST" | "GET" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS";
    query?: string;
    headers?: Record<string, string>;
    body?: string;
  };
  values?: Record<string, unknown>;
  now?: string;
  random?: number;
  lists?: {
    duplicate?: boolean;
    existing_customer?: boolean;
    dnc?: boolean;
  };
  caps?: Record<string, {
    count: number;
  }>;
  answers?: Record<string, {
    status?: number;
    headers?: Record<string, string>;
    body?: unknown;
    outcome?: "success" | "failure" | "error" | "skip";
    reason?: string;
    price?: number;
  }>;
  prices?: Record<string, number>;
}

export interface SourceMeta {
  enabled: boolean;
  account: {
    id: string;
    name?: string;
  };
  flow: {
    id: string;
    name?: string;
  };
  source: {
    id: string;
    name: string;
    authentication_required: boolean;
  };
  /** What a sender may submit. */
  params: {
    name: string;
    label?: string;
    description?: string;
    type: string;
    required: "yes" | "no";
    examples?: unknown[];
    [name: string]: unknown;
  }[];
  pingable: boolean;
  ping_enabled: boolean;
  updated_at: string;
  /** Whether the caller belongs to the flow’s account. Only then the other properties are present. */
  authorized_account: boolean;
  hours_of_operation?: unknown;
  acceptance_criteria?: unknown;
  flow_acceptance_criteria?: unknown;
  flow_pricing?: unknown;
  flow_pricing_service?: unknown;
  source_pricing?: unknown;
  source_pricing_service?: unknown;
}

/** The value of each column and of each grouping, by its name. */
export interface StatisticsRow {
  timeframe?: {
    start: string;
    end: string;
  };
  /** Of all rows. */
  total?: true;
  compared?: Record<string, {
    value: number | null;
    difference: number | null;
    ratio: number | null;
  }>;
  [name: string]: unknown;
}

export interface Status {
  product: "sluice";
  version: string;
  status: "ok" | "no_leads";
  /** Why it takes no leads now: the message of the first problem. */
  reason?: string;
  /** The checks of `/readyz` that fail; empty: none. Leads are taken although `standby` fails. */
  problems: StatusProblem[];
  /** Only for callers on the same machine. */
  pid?: number;
}

export interface StatusProblem {
  /** As in the checks of `/readyz`. */
  check: string;
  /** What is wrong. */
  message: string;
  /** What to do. */
  remedy: string;
  /** When this process first saw it. */
  since: string;
}

export interface StepTest {
  step_config: {
    type?: unknown;
    id?: unknown;
    description?: unknown;
    notes?: unknown;
    enabled?: unknown;
    outcome?: unknown;
    reason?: unknown;
    rule_set?: unknown;
    entity?: {
      id?: unknown;
      name?: unknown;
      /** Default: the account’s. */
      time_zone?: string;
    };
    integration: {
      module_id: string;
      mappings?: unknown[];
    };
    caps?: unknown;
    pricing?: unknown;
    feedback?: unknown;
    retry_enabled?: unknown;
    idempotent?: unknown;
    strict_status?: unknown;
    acceptance_criteria?: Record<string, unknown>;
    credential_id?: unknown;
    name?: unknown;
    method?: unknown;
    recipients?: unknown;
    max_sales?: unknown;
    bid_timeout_ms?: unknown;
    minimum_price?: unknown;
    margin_floor?: unknown;
    bids_price_pings?: unknown;
    key?: unknown;
  };
  /** Names may be dotted. */
  submission_data: Record<string, unknown>;
}

/** As JSON, or as XML when `Accept` asks for it. */
export interface SubmitAnswer {
  outcome: "success" | "failure" | "error";
  reason?: string;
  /** With the other members that the source’s `response_fields` name. */
  lead: {
    id: string;
    [name: string]: unknown;
  };
  /** Dollars. */
  price: number;
  [name: string]: unknown;
}

export interface TemplateTrial {
  template: string;
  vars?: Record<string, unknown>;
  types?: Record<string, "boolean" | "city" | "credential" | "date" | "dob" | "email" | "first_name" | "gender" | "ip" | "last_name" | "number" | "phone" | "postal_code" | "range" | "ssn" | "state" | "street" | "string" | "time" | "trustedform_url" | "url">;
  time_zone?: string;
  now?: string;
}

export interface TestLead {
  id: string;
  name: string;
  source_id: string;
  /** null: hidden without `personal_data.read`, or sealed with a key that the server does not have any more. */
  values: Record<string, unknown> | null;
  now: string | null;
  assume: {
    lists?: {
      duplicate?: boolean;
      existing_customer?: boolean;
      dnc?: boolean;
    };
    caps?: Record<string, {
      count: number;
    }>;
    answers?: Record<string, {
      status?: number;
      headers?: Record<string, string>;
      body?: unknown;
      outcome?: "success" | "failure" | "error" | "skip";
      reason?: string;
      price?: number;
    }>;
    prices?: Record<string, number>;
    random?: number;
  } | null;
  expected: {
    outcome: "success" | "failure" | "error";
    /** Absent: any. */
    reason?: string;
    /** Dollars; absent: any. */
    price?: number;
  } | null;
  updated_at: string;
  user: Actor;
}

export interface TestLeadResults {
  passed: number;
  failed: number;
  /** By name. */
  results: {
    id: string;
    name: string;
    passed: boolean;
    expected: {
      outcome: "success" | "failure" | "error";
      /** Absent: any. */
      reason?: string;
      /** Dollars; absent: any. */
      price?: number;
    } | null;
    /** null: it could not be run, see `problem`. */
    got: {
      outcome: "success" | "failure" | "error";
      reason: string | null;
      price: number;
    } | null;
    /** Why it could not be run; null: it was. */
    problem: string | null;
    /** Of a test that was run and has not passed; null without `personal_data.read`, too. */
    explanation: {
      phases: ExplainedPhase[];
      steps: ExplainedStep[];
    } | null;
  }[];
}

export interface TestLeadRun {
  document?: Flow;
  /** What is run: the draft, what is saved or deployed, or a revision. Absent: the draft, and without one what is saved. */
  revision?: "draft" | "saved" | "deployed" | number;
  /** Only these; absent: all. */
  ids?: string[];
}

export interface TestedCapAlert {
  /** Why the webhook did not receive it; null: it did, or there is none. */
  fault: string | null;
  /** Why the mail server did not take it; null: it did, or there are no addresses. */
  mail_fault: string | null;
  ms: number;
  /** The body that was posted. */
  request: string;
  /** The answer, cut to 2000 characters; null: none came. */
  response: {
    status: number;
    body: string;
  } | null;
}

export interface TestedCredential {
  /** `success`: a token was fetched, and the URL answered a status below 400; or the mail server took the login. */
  outcome: "success" | "failure" | "untested";
  /** Why it failed, or cannot be tested. */
  reason: string | null;
  /** Of the URL, or the code that the mail server refused with; null: it was not asked, or did not answer. */
  status: number | null;
  /** Of the token that was fetched. */
  expires_at: string | null;
  ms: number;
}

export interface TestedMail {
  /** The address of the user who asks. */
  to: string;
  /** Why the mail server did not take it; null: it did. */
  fault: string | null;
  ms: number;
}

export interface TestedPricingService {
  /** Dollars; null: it gave none. */
  price: number | null;
  /** What the service said of it. */
  reason: string | null;
  /** Why it gave no price. */
  fault: string | null;
  ms: number;
  /** The body that was posted. */
  request: string;
  /** The answer, cut to 16 384 characters; null: none came. */
  response: {
    status: number;
    body: string;
  } | null;
}

export interface TestedStep {
  outcome: string;
  reason: string | null;
  transactions: unknown[];
}

export interface TestedWebhook {
  /** false: a preview, or there is no secret to sign with. */
  sent: boolean;
  /** Why the receiver did not take it; null: it did. */
  fault: string | null;
  ms: number;
  /** The event of a lead that was sent; null: it was made up. */
  event_id: string | null;
  /** The body that was posted. */
  request: string;
  /** That were sent with it, the signature included; null: nothing was sent. */
  headers: Record<string, string> | null;
  /** The answer, cut to 2000 characters; null: none came. */
  response: {
    status: number;
    body: string;
  } | null;
}

export interface UnknownDelivery {
  /** Of the delivery. */
  event_id: string;
  lead_id: string;
  flow_id: string;
  source_id: string;
  step_id: string;
  recipient_id: string;
  reason: string | null;
  /** What it was sold for if it arrived, in dollars: by the price rules, the bid, or with `override` the maximum price. null: unknown. */
  expected_price: number | null;
  happened_at: string;
  /** null: it is unresolved. */
  resolved_at: string | null;
  resolution: "delivered" | "not_delivered" | null;
  note: string | null;
}

export interface UsedDestination {
  /** What flows name it by. */
  instance_id: string;
  name: string;
  integration_name: string;
  /** Empty: there is none. */
  integration_icon_url: string;
  actions: {
    name: string;
    action_id: string;
    webhook_url: string;
  }[];
  /** The flows that name it, as saved or as deployed; only when it is included. */
  flow_usages?: {
    count: number;
    flows: {
      id: string;
      name: string;
    }[];
  };
}

export interface User {
  id: string;
  email: string;
  first_name: string;
  last_name: string;
  role: "owner" | "editor" | "analyst" | "vendor";
  /** `invited`: has not set a password yet. `disabled`: cannot sign in. */
  status: "invited" | "active" | "disabled";
  has_second_factor: boolean;
  created_at: string;
  last_login_at: string | null;
}

export type UserSettings = Record<string, unknown>;

export interface View {
  id: string;
  name: string;
  section: "leads" | "events";
  /** Parameters of `GET /leads` or `GET /events` by name, each a text or a list of texts; also `range` and `view`. `reason`, `lead_id` and rules about values of leads are refused. */
  query: {
    flow_id?: string | string[];
    source_id?: string | string[];
    reason_class?: string | string[];
    start?: string | string[];
    end?: string | string[];
    sort?: string | string[];
    range?: string | string[];
    view?: string | string[];
    outcome?: string | string[];
    resubmitted?: string | string[];
    type?: string | string[];
    recipient_id?: string | string[];
    step_id?: string | string[];
    rules?: string | string[];
  };
  is_shared: boolean;
  /** Who saved it, by the name of that day; null: every account has it. */
  owner: {
    kind: string;
    id: string;
    name: string;
  } | null;
  /** Every account has it as it is. */
  read_only: boolean;
  created_at: string | null;
  updated_at: string | null;
}

export interface WebhookFault {
  /** `unreachable`: nothing was sent; `slow`: no answer in time; `broken`: the connection ended; `auth`: the secret cannot be read; `full`: status 429; `unavailable`: status 5xx or a redirect; `gone`: status 410; `object`: this event alone; `missing`: the webhook was deleted. */
  kind: "unreachable" | "slow" | "broken" | "auth" | "missing" | "full" | "unavailable" | "object" | "gone";
  reason: string;
}

export interface WebhookOfAccount {
  id: string;
  name: string;
  url: string;
  enabled: boolean;
  flow_ids: string[];
  types: ("source" | "recipient" | "filter" | "feedback-received" | "feedback-sent" | "retry")[];
  outcomes: ("success" | "failure" | "error" | "skip" | "continue" | "stop")[];
  /** Why the receiver ended it, by an answer with status 410; null: it did not. */
  disabled_reason: string | null;
  disabled_at: string | null;
  created_at: string;
  updated_at: string;
}

export interface WebhookRecovered {
  /** Rows. */
  recovered: number;
}

export interface WebhookRecovery {
  /** Only what was set aside from then on, ISO 8601; without it all. */
  since?: string;
}

export interface WebhookState {
  id: string;
  enabled: boolean;
  /** Why the receiver ended it, by an answer with status 410; null: it did not. */
  disabled_reason: string | null;
  disabled_at: string | null;
  state: "idle" | "sending" | "failing" | "disabled";
  /** Rows that wait, before the filter: one for each lead, and one for each later event; counted up to 100000. */
  waiting: number;
  /** More wait than are counted. */
  waiting_more: boolean;
  /** The oldest of those that were counted. */
  waiting_since: string | null;
  /** Rows that were refused, or waited when the receiver ended the webhook; POST …/recover sends them. */
  set_aside: number;
  /** Of the last of them. */
  set_aside_reason: string | null;
  /** Events in all. */
  delivered: number;
  delivered_at: string | null;
  failing_since: string | null;
  fault: WebhookFault | null;
  /** Failed ones in a row. */
  attempts: number;
  next_attempt_at: string | null;
  /** The last 20 times that it failed, newest first. */
  faults: {
    /** `unreachable`: nothing was sent; `slow`: no answer in time; `broken`: the connection ended; `auth`: the secret cannot be read; `full`: status 429; `unavailable`: status 5xx or a redirect; `gone`: status 410; `object`: this event alone; `missing`: the webhook was deleted. */
    kind: "unreachable" | "slow" | "broken" | "auth" | "missing" | "full" | "unavailable" | "object" | "gone";
    reason: string;
    began_at: string | null;
    /** null: it fails still. */
    ended_at: string | null;
  }[];
}

export interface WebhookTest {
  /** Unless said, the first type that the webhook takes, or `source`. */
  type?: "source" | "recipient" | "filter" | "feedback-received" | "feedback-sent" | "retry";
  /** `newest`: the last event of the type that the webhook takes, with the values of its lead; needs leads.read and personal_data.read, and the activity log has it. `example`, unless said: of a made-up lead. */
  from?: "newest" | "example";
  /** This event instead, such as the one of a preview. */
  event_id?: string;
  /** Nothing is sent; the answer has what would be. */
  preview?: boolean;
}

export interface WebhookWithSecret {
  id: string;
  name: string;
  url: string;
  enabled: boolean;
  flow_ids: string[];
  types: ("source" | "recipient" | "filter" | "feedback-received" | "feedback-sent" | "retry")[];
  outcomes: ("success" | "failure" | "error" | "skip" | "continue" | "stop")[];
  /** Why the receiver ended it, by an answer with status 410; null: it did not. */
  disabled_reason: string | null;
  disabled_at: string | null;
  created_at: string;
  updated_at: string;
  /** The key events are signed with. Only this answer has it. */
  secret: string;
}

export interface Welcome {
  account: {
    name: string;
    time_zone: string;
  };
  expires_at: string;
}

export interface WelcomeToken {
  /** What follows `#` in the link. */
  token: string;
}

export interface WholeChangelog {
  id: string;
  action: "create" | "update" | "delete" | "deploy" | "rotate" | "revoke" | "run" | "pause" | "cancel" | "resolve" | "close" | "invite" | "change_password" | "enable_second_factor" | "disable_second_factor" | "accept_invitation" | "sign_in" | "lock_out" | "accept" | "decline" | "download" | "preview" | "erase" | "export" | "share" | "unshare" | "reveal";
  type: "flow" | "draft" | "test_lead" | "field" | "destination" | "router" | "entity" | "pricing_service" | "batch" | "credential" | "api_key" | "user" | "account" | "retry" | "unknown" | "circuit" | "job" | "list" | "cap" | "cap_alerts" | "webhook" | "feedback" | "export" | "report" | "view" | "legal_hold" | "person" | "lead" | "problem" | "posting_link";
  created_at: string;
  subject: {
    id: string;
    name: string | null;
  };
  user: Actor;
  /** The changes in words. */
  sentences: string[];
  /** The same place by place, without secrets. */
  changes: {
    action: "added" | "removed" | "changed" | "moved";
    /** The name of the property, or of the list. */
    target: string;
    /** `caps.0.maximum`; of what was removed, the place it had. */
    delta_path: string;
    /** null: it was not there. */
    previous: {
      value: unknown;
      index: number | null;
    } | null;
    /** null: it was not there. */
    current: {
      value: unknown;
      index: number | null;
    } | null;
  }[];
  /** Changes beyond the bound of the list. */
  more_changes: number;
  /** The whole document after the change, without secrets; null: there is none. */
  current_revision: unknown;
  /** By place, the value before and the value after. */
  delta_from_last_revision: unknown;
}

export interface WholeFlowRevision {
  revision: number;
  saved_at: string;
  /** When it was last made live; null: it never was. */
  deployed_at: string | null;
  /** It is the last one. */
  is_saved: boolean;
  /** Leads run on it. */
  is_deployed: boolean;
  /** Who saved it; null: it is not known. */
  user: Actor | null;
  /** What they said about it when they published it; null: nothing. */
  note: string | null;
  /** The revision it is compared with; null: with none. */
  since: number | null;
  /** The changes in words. */
  sentences: string[];
  /** The same place by place, without secrets. */
  changes: {
    action: "added" | "removed" | "changed" | "moved";
    /** The name of the property, or of the list. */
    target: string;
    /** `caps.0.maximum`; of what was removed, the place it had. */
    delta_path: string;
    /** null: it was not there. */
    previous: {
      value: unknown;
      index: number | null;
    } | null;
    /** null: it was not there. */
    current: {
      value: unknown;
      index: number | null;
    } | null;
  }[];
  /** Changes beyond the bound of the list. */
  more_changes: number;
  /** The Flow document as it was saved, without secrets. */
  document: unknown;
}
