import type pg from 'pg';
import type { Ids } from '../../lib/ids.ts';
import type { ByteBox, SecretBox } from '../secret-box.ts';
import { createAccountStore } from './accounts.ts';
import type { RecordChange } from './activity.ts';
import { createApiKeyStore } from './api-keys.ts';
import { createBatchStore } from './batches.ts';
import { createCapAlertStore } from './cap-alerts.ts';
import { createCapStore } from './caps.ts';
import { createChannelStore } from './channels.ts';
import { createCredentialStore } from './credentials.ts';
import { createDestinationStore } from './destinations.ts';
import { createEntityStore } from './entities.ts';
import { createExportStore } from './exports.ts';
import { createFeedbackStore } from './feedback.ts';
import { createFieldStore } from './fields.ts';
import { createDraftStore } from './flow-drafts.ts';
import { createFlowStore } from './flows.ts';
import { createJobStore } from './jobs.ts';
import { createHoldStore } from './legal-holds.ts';
import { createListStore } from './lists.ts';
import { createPostingLinkStore } from './posting-links.ts';
import { createPricingServiceStore } from './pricing-services.ts';
import { createPrivacyRequestStore } from './privacy.ts';
import { createProblemStore } from './problems.ts';
import { createRecipientHealthStore } from './recipient-health.ts';
import { createReportStore } from './reports.ts';
import { createRetryStore } from './retries.ts';
import { createRevealStore } from './reveals.ts';
import type { RevisionDocuments } from './revision-documents.ts';
import { createRouterStore } from './routers.ts';
import { createSecondFactorStore } from './second-factors.ts';
import { createSessionStore } from './sessions.ts';
import { createTestLeadStore } from './test-leads.ts';
import { createUserStore } from './users.ts';
import { createViewStore } from './views.ts';
import { createWebhookStore } from './webhooks.ts';
import { createWelcomeStore } from './welcome-links.ts';

/** Every store whose changes the activity log has, recording them with `record`. Cheap: made once a changing request. */
export function buildChangingStores(
  options: {
    pool: pg.Pool;
    documents: RevisionDocuments;
    secretBox: SecretBox & ByteBox;
    nodeId: string;
    ids: Ids;
    /** Of the installation. */
    schema: string;
  },
  record: RecordChange,
) {
  const { pool, documents, secretBox, nodeId, ids, schema } = options;
  return {
    flows: createFlowStore({ pool, documents, record, box: secretBox }),
    drafts: createDraftStore({ pool, documents, record, box: secretBox }),
    testLeads: createTestLeadStore({ pool, record, box: secretBox }),
    channels: createChannelStore(pool),
    webhooks: createWebhookStore(pool, secretBox, record),
    caps: createCapStore({ pool, documents, record }),
    capAlerts: createCapAlertStore(pool, secretBox, record),
    fields: createFieldStore(pool, record),
    destinations: createDestinationStore(pool, secretBox, record),
    routers: createRouterStore(pool, record),
    entities: createEntityStore(pool, record),
    credentials: createCredentialStore(pool, secretBox, record),
    pricingServices: createPricingServiceStore(pool, secretBox, record),
    batches: createBatchStore(pool, secretBox, record),
    apiKeys: createApiKeyStore(pool, record),
    users: createUserStore(pool, record),
    welcome: createWelcomeStore(pool, record),
    sessions: createSessionStore(pool, record),
    secondFactors: createSecondFactorStore(pool, secretBox, record),
    accounts: createAccountStore(pool, record),
    retries: createRetryStore({ pool, nodeId, ids, record }),
    feedback: createFeedbackStore(pool, record),
    holds: createHoldStore(pool, secretBox, record),
    privacyRequests: createPrivacyRequestStore(pool, secretBox, record),
    lists: createListStore(pool, record),
    jobs: createJobStore(pool, { record, schema }),
    exports: createExportStore(pool, { record, schema }),
    reports: createReportStore(pool, record),
    postingLinks: createPostingLinkStore(pool, secretBox, record),
    views: createViewStore(pool, record),
    reveals: createRevealStore(pool, record),
    problems: createProblemStore(pool, record),
    recipientHealth: createRecipientHealthStore({ pool, nodeId, record }),
  };
}
