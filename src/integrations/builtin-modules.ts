import { createHash, createHmac, randomBytes } from 'node:crypto';
import { type Clock, systemClock } from '../lib/clock.ts';
import { findAppendPrefix, liftFrom } from './append-prefix.ts';
import { createCustomModules } from './builtin/leadconduit-custom/create-custom-modules.ts';
import { createSoapModule } from './builtin/leadconduit-custom/soap/soap-module.ts';
import type { SoapTools } from './builtin/leadconduit-custom/soap/soap-security.ts';
import { inbound } from './builtin/leadconduit-default/inbound.ts';
import { createDefaultOutbound } from './builtin/leadconduit-default/outbound.ts';
import { createTokenAuthenticated } from './builtin/leadconduit-json/token-authenticated.ts';
import { createPixelTracker } from './builtin/leadconduit-pixeltracker/pixel-tracker.ts';
import { classic } from './builtin/leadconduit-standard/classic.ts';
import { feedback } from './builtin/leadconduit-standard/feedback.ts';
import { verbose } from './builtin/leadconduit-standard/verbose.ts';
import { createListModules } from './builtin/leadconduit-suppressionlist/list-modules.ts';
import type { ClaimTools } from './builtin/leadconduit-trustedform/claim.ts';
import { TOKEN_VARIABLE } from './builtin/leadconduit-trustedform/peek.ts';
import { createTrustedFormModules } from './builtin/leadconduit-trustedform/trustedform-modules.ts';
import { createBatchModule } from './builtin/sluice/batch.ts';
import { email } from './builtin/sluice/email.ts';
import { createFlowModule } from './builtin/sluice/flow.ts';
import { createWebhook } from './builtin/sluice/webhook.ts';
import { BUILTIN_PACKAGES, WRAPPED_MODULES } from './builtin-packages.ts';
import type {
  BuiltinExchangeModule,
  BuiltinHandleModule,
  BuiltinInboundModule,
  IntegrationModule,
  OutboundModule,
} from './contract.ts';
import { type AllowedNetwork, isPrivateHostAllowed } from './forbidden-address.ts';
import type { AllowsPrivateHosts } from './formats/delivery-url.ts';
import type { SigningTools } from './formats/standard-webhook.ts';

export const INBOUND_MODULES: readonly BuiltinInboundModule[] = [inbound, verbose, classic, feedback];

/** What modules need from outside. */
export type ModuleTools = SigningTools & SoapTools & Pick<ClaimTools, 'sha1'>;

/** With the system's cryptography. */
export function systemTools(clock: Clock): ModuleTools {
  return {
    sign: (key, text) => createHmac('sha256', key).update(text).digest('base64'),
    now: clock.now,
    clock,
    randomBytes,
    sha1: (text) => createHash('sha1').update(text).digest('hex'),
  };
}

/** What the operator says of the server and gives its modules. */
export interface ModuleSurroundings {
  /** Where people see leads; null: not said. */
  publicUrl: string | null;
  env: Readonly<Record<string, string | undefined>>;
}

const NO_SURROUNDINGS: ModuleSurroundings = { publicUrl: null, env: {} };

/** Of the hosted product (spec modules e). */
const HOSTED_EVENTS = 'https://app.leadconduit.com/events/';

/** The modules that come with Sluice. Recipients may live on private hosts only where the operator says so. */
export function builtinModules(
  allowedNetworks: readonly AllowedNetwork[],
  tools: ModuleTools = systemTools(systemClock),
  { publicUrl, env }: ModuleSurroundings = NO_SURROUNDINGS,
): IntegrationModule[] {
  const allowsPrivateHosts = (hostname: string, port: number) => isPrivateHostAllowed(hostname, port, allowedNetworks);
  const leads = publicUrl === null ? HOSTED_EVENTS : `${publicUrl}/leads/`;
  const modules: IntegrationModule[] = [
    ...INBOUND_MODULES,
    createDefaultOutbound({ allowsPrivateHosts: allowOrigin(publicUrl, allowsPrivateHosts) }),
    ...createCustomModules({ allowsPrivateHosts }),
    createSoapModule({ allowsPrivateHosts, tools }),
    createTokenAuthenticated({ allowsPrivateHosts }),
    createFlowModule(),
    createWebhook({ allowsPrivateHosts, tools }),
    createBatchModule(),
    ...[...createListModules({ allowsPrivateHosts }), createPixelTracker({ allowsPrivateHosts })].map(
      withOutcomeAtRoot,
    ),
    ...createTrustedFormModules({
      allowsPrivateHosts,
      operatorToken: env[TOKEN_VARIABLE]?.trim() ?? '',
      tools: { sha1: tools.sha1, leadUrl: (leadId) => `${leads}${leadId}` },
    }),
    email,
  ];
  return [...modules, ...buildWrappers(modules)];
}

/**
 * The server's own origin, too, where it has a private name: a submit URL there stays in this process. What would go over
 * HTTP all the same, such as another path, the client refuses by its address.
 */
function allowOrigin(publicUrl: string | null, allowsPrivateHosts: AllowsPrivateHosts): AllowsPrivateHosts {
  if (publicUrl === null) return allowsPrivateHosts;
  const { hostname, port, protocol } = new URL(publicUrl);
  const ownPort = Number(port) || (protocol === 'https:' ? 443 : 80);
  return (host, at) => (host === hostname && at === ownPort) || allowsPrivateHosts(host, at);
}

/** The pipeline reads outcome and reason at the root; these modules have them under the name of their call. */
function withOutcomeAtRoot(module: BuiltinExchangeModule | BuiltinHandleModule): OutboundModule {
  const lift = liftFrom(findAppendPrefix(module.responseVariables));
  if (module.style === 'request/response')
    return { ...module, response: (...answered) => lift(module.response(...answered)) };
  return {
    ...module,
    handle: async (...asked) => {
      const ended = await module.handle(...asked);
      return ended.kind === 'answered' ? { ...ended, appended: lift(ended.appended) } : ended;
    },
  };
}

/** A thin wrapper is the module it wraps in everything but its id, name and package (spec modules a1). */
function buildWrappers(modules: readonly IntegrationModule[]): IntegrationModule[] {
  return BUILTIN_PACKAGES.flatMap(({ version, modules: all }) =>
    all.flatMap(({ id, name }): IntegrationModule[] => {
      const wrapped = modules.find((module) => module.id === WRAPPED_MODULES[id]);
      return wrapped ? [{ ...wrapped, id, name, version }] : [];
    }),
  );
}
