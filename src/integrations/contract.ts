import type { Result } from '../lib/result.ts';
import type { Transaction } from '../model/event.ts';
import type { Vars } from '../model/vars.ts';
import type { OutboundMail } from './mail-message.ts';

/**
 * What an integration module is (spec modules a). A built-in module is data and pure functions: it says what to send
 * and what an answer means; only the HTTP client sends.
 */
export interface ModuleVariable {
  name: string;
  /** A field type, or `wildcard` for an open-ended group (`header.*`). Absent: the standard field's, else string. */
  type?: string;
  description?: string;
  required?: boolean;
  /** The default of the module; a required property may have one, too. */
  default?: string;
  deprecated?: boolean;
  examples?: unknown[];
}

export interface OutboundRequest {
  url: string;
  method: string;
  headers: Record<string, string>;
  body?: string;
  /** Follow redirects for every method, not only GET. */
  followAllRedirects?: boolean;
  /** Whole exchange, seconds, 1…360. Absent: the step's, else the setting's. */
  timeoutSeconds?: number;
  /** Headers of this request that a redirect to another origin must not get, beside those that every request has. */
  secretHeaders?: readonly string[];
  /** The answer carries a secret: only its status is kept. */
  isAnswerSecret?: true;
  /** The same request without secrets, where the module makes one of its own (spec modules a2, "Masking"). */
  recorded?: Pick<OutboundRequest, 'url' | 'headers' | 'body'>;
  /** It is a message for a mail server instead of a request over HTTP; `url`, `method` and `body` show it on the event. */
  mail?: OutboundMail;
}

/** An answer as modules see it: Title-Case header names, `Set-Cookie` an array, the body decoded as UTF-8. */
export interface OutboundResponse {
  status: number;
  /** Of HTTP: `1.1`; of a mail server: `ESMTP`. */
  version: string;
  headers: Record<string, string | string[]>;
  body: string;
}

/** A mapping of a step as its module is asked about it when the flow is saved. */
export interface NamedMapping {
  /** Of the property: `['header', 'X-Key']`. */
  segments: readonly string[];
  /** A template or a literal. */
  value: string;
}

interface OutboundBase {
  id: string;
  /** Semver of the package, recorded on events. */
  version: string;
  name: string;
  direction: 'outbound';
  requestVariables: readonly ModuleVariable[];
  responseVariables: readonly ModuleVariable[];
  /** Process environment variables the module needs, such as API keys of the operator. */
  envVariables?: readonly string[];
  /** Why nothing can be sent under the name a mapping gives, for every lead; a flow that has one does not run. */
  nameProblem?(mapping: NamedMapping): string | undefined;
  /** The engine adds the authorization of the step's credential to its requests, unless they have one. */
  takesAuthorization?: true;
  /** Properties that are HTML, or lists of mail addresses: what a template inserts cannot become markup, or an address more. */
  templateForms?: Readonly<Record<string, 'html' | 'addresses'>>;
  /** undefined: go. A text: the step is a `skip` with it as the reason (decision 21). */
  validate(vars: Vars): string | undefined | Promise<string | undefined>;
}

/** How a step wants its answer read. */
export interface AnswerReading {
  /** An answer that is not what it says it is has nothing at a search path (`strict_status` of the step). */
  isStrict: boolean;
  /** Notes on the event what could not be read or had no effect: a sentence without values, which may be personal. */
  warn(sentence: string): void;
}

/** Says what to send and what the answer means. A promise only where the module lives in another thread. */
export interface ExchangeModule extends OutboundBase {
  style: 'request/response';
  request(vars: Vars): OutboundRequest | Promise<OutboundRequest>;
  /** The appended data: `outcome`, `reason`, `price` … and everything the answer carried. */
  response(
    vars: Vars,
    request: OutboundRequest,
    response: OutboundResponse,
    /** Absent without a listener. Modules of packages do not get it. */
    reading?: AnswerReading,
  ): Record<string, unknown> | Promise<Record<string, unknown>>;
}

/** An exchange module of our own, which answers at once. */
export interface BuiltinExchangeModule extends ExchangeModule {
  validate(vars: Vars): string | undefined;
  request(vars: Vars): OutboundRequest;
  response(
    vars: Vars,
    request: OutboundRequest,
    response: OutboundResponse,
    reading?: AnswerReading,
  ): Record<string, unknown>;
}

/** Makes exchanges of its own: several, or none (spec modules a2, `handle`). May throw: the step is an `error`. */
export interface HandleModule extends OutboundBase {
  style: 'handle';
  handle(vars: Vars, exchanges: Exchanges): Promise<HandleEnd>;
}

/** A handle module of our own, which validates at once. */
export interface BuiltinHandleModule extends HandleModule {
  validate(vars: Vars): string | undefined;
}

export type OutboundModule = ExchangeModule | HandleModule;

/** What a `handle` module may do to the world. Everything it does is on the step's event. */
export interface Exchanges {
  /** Sends one request and notes it. The first waits until the intent is committed; a refusal is `unsent`. */
  send(request: OutboundRequest): Promise<DeliveryResult>;
  /**
   * For a module with connections of its own: commits the intent before it opens the first. A text says why nothing may
   * be sent.
   */
  begin(): Promise<string | undefined>;
  /** Notes an exchange over a connection of the module's own. */
  note(transaction: Transaction): void;
  /**
   * Another value of an attribute of the step's credential than the one that a recipient refused: the one that another
   * lead or another server has got meanwhile, else what `obtain` gets, which is kept. At most one `obtain` runs at a time.
   * A text says why there is none. Absent: nothing can be renewed.
   */
  renewCredential?(renewal: CredentialRenewal): Promise<Result<string, string>>;
  /** What is left of the step's time, ms; not above 0: it is used up. */
  timeLeftMs(): number;
}

export interface CredentialRenewal {
  /** Of the attribute. */
  name: string;
  /** The value that was refused; '': there was none. */
  refused: string;
  /** The new value, or why there is none. */
  obtain(): Promise<Result<string, string>>;
}

/** How a `handle` module ended: with data to append, or as a delivery that failed (see DeliveryResult). */
export type HandleEnd =
  | { kind: 'answered'; appended: Record<string, unknown> }
  | { kind: 'unsent' | 'unknown'; reason: string };

/** A request as it reached a source: Title-Case header names, `uri` is path and query, `body` decoded text. */
export interface InboundRequest {
  method: string;
  uri: string;
  version: string;
  headers: Record<string, string>;
  body: string;
  /** Epoch ms of arrival. */
  timestamp: number;
  /** The hosts this source sends visitors to, as `redirect_hosts` of the flow lists them; absent: every host. */
  redirectHosts?: readonly string[];
}

export interface HttpAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export interface ModuleParam {
  name: string;
  label: string;
  type: string;
  description: string;
  /** The lead variable it fills; null: none. */
  variable: string | null;
  required: boolean;
  examples: string[];
}

export interface InboundModule {
  id: string;
  version: string;
  name: string;
  direction: 'inbound';
  /** May a source of this module be pinged? */
  isPingable: boolean;
  /** Does it refuse a redirect to a host that is not in `redirectHosts`? Absent means no. */
  checksRedirectHosts?: boolean;
  requestVariables: readonly ModuleVariable[];
  /** What the answer can carry; absent: nothing is said of it. */
  responseVariables?: readonly ModuleVariable[];
  params: readonly ModuleParam[];
  /** The submitted values (any JSON value: the engine copes), or the module's own answer to write as it is. */
  request(request: InboundRequest): Result<unknown, HttpAnswer> | Promise<Result<unknown, HttpAnswer>>;
  /** The answer to the sender; `fieldIds` is the source's own list of response fields. */
  response(request: InboundRequest, vars: Vars, fieldIds?: readonly string[]): HttpAnswer | Promise<HttpAnswer>;
}

/** An inbound module of our own, which answers at once; a promise comes only from one that lives in another thread. */
export interface BuiltinInboundModule extends InboundModule {
  request(request: InboundRequest): Result<unknown, HttpAnswer>;
  response(request: InboundRequest, vars: Vars, fieldIds?: readonly string[]): HttpAnswer;
}

export type IntegrationModule = InboundModule | OutboundModule;

/** How an exchange with a recipient went. Every row is data on an event, never an exception. */
export type DeliveryResult =
  /** The answer came whole (or cut at the bound: `truncated`). */
  | {
      kind: 'answered';
      response: OutboundResponse;
      truncated: boolean;
      url: string;
      sentAt: number;
      receivedAt: number;
    }
  /** Nothing of the request left: no such host, refused, a forbidden address, TLS refused. */
  | { kind: 'unsent'; reason: string; blame?: Blame; sentAt: number; receivedAt: number }
  /** The request may have been received and no answer came (decision 24). */
  | { kind: 'unknown'; reason: string; blame?: Blame; sentAt: number; receivedAt: number };

/**
 * Where a delivery that was not answered failed: at the `recipient`, for `time` that ran out, or with `us` (a request
 * that cannot be sent, a limit of ours, a stop). Absent: not classified.
 */
export type Blame = 'recipient' | 'time' | 'us';

/** Sends one request to a recipient. Never throws. */
export type Deliver = (
  request: OutboundRequest,
  bounds: {
    timeoutMs: number;
    signal?: AbortSignal;
    /** Whose limits apply beside the host's, and whose recipient it is; one of them absent: no other limits apply. */
    recipientId?: string;
    accountId?: string;
  },
) => Promise<DeliveryResult>;

/** What a package says of one of its modules (spec modules a1). */
export interface ModuleFacts {
  id: string;
  /** Inside the package: `outbound.form`. */
  path: string;
  name: string;
  description: string;
  tag: string | null;
  /** `inbound`, `delivery`, `marketplace enhancement`. */
  integrationType: string | null;
  link: string | null;
}

/** A package of integration modules, as it is offered to authors of flows. */
export interface IntegrationPackage {
  id: string;
  /** Who offers the service. */
  provider: string;
  name: string;
  description: string;
  link: string | null;
  version: string;
  repoUrl: string | null;
  /** Came with the server, and was not installed by its operator. */
  isBuiltin: boolean;
  modules: readonly ModuleFacts[];
}

/** Finds a module by its id; undefined when there is none. */
export interface ModuleRegistry {
  find(moduleId: string): IntegrationModule | undefined;
  list(): readonly IntegrationModule[];
}
