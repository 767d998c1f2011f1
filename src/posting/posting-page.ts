/**
 * What a vendor's developer must know to post leads to one source, in the vendor's own parameter names. It is what
 * `GET /submission/{token}.json` answers, so its names are the wire's. It names nothing of the account but this source:
 * no recipient, no other source, no id that the submit URL does not have, and prices only where the link shares them.
 */
export interface PostingPage {
  account: { name: string };
  flow: { name: string };
  source: { name: string };
  state: PostingState;
  /** Whom to ask, as the link says it; null: it names nobody. */
  contact: string | null;
  /** ISO 8601. Of the deployed flow. */
  updated_at: string;
  /** When the page was made; what is open now is open at this instant. */
  generated_at: string;
  /** Newest first, at most `CHANGES_MAX`. */
  changes: PostingChange[];
  submit_url: string;
  /** POST first: it is the one to use. */
  methods: ('POST' | 'GET')[];
  authentication: PostingAuthentication;
  headers: PostingHeader[];
  /** Media types of a request's body; GET takes the query instead. */
  request_formats: PostingFormat[];
  /** Sentences: how long to wait, when to send again. */
  advice: { timeout: string; retry: string; repeat: string };
  fields: PostingField[];
  /** Parameters beside `fields`: a sentence that says what happens to them. */
  other_parameters: string;
  names: { is_case_sensitive: boolean; sentence: string };
  rules: PostingRules;
  limits: PostingLimits;
  /** null: the link does not share prices. */
  price: PostingPrice | null;
  sample: PostingSample;
  responses: PostingResponse[];
  /** Members of the body of an answer to a lead, in order. */
  response_members: PostingMember[];
  /** null: the source takes no pings. */
  ping: PostingPing | null;
  redirect: PostingRedirect | null;
  /** null: the account reports nothing to the source later. */
  feedback: { sentence: string } | null;
  /** `allows_live`: the page may have a button that posts to the submit URL itself, which makes a real lead. */
  tries: { url: string; sentence: string; allows_live: boolean };
  downloads: PostingDownloads;
}

export interface PostingState {
  /** `test`: the flow was never deployed. `paused`: the flow or the source is switched off. */
  kind: 'live' | 'test' | 'paused';
  /** What that means for a lead that is posted now. */
  sentence: string;
}

export interface PostingChange {
  /** ISO 8601: when it began to hold. */
  at: string;
  kind: 'added' | 'removed' | 'changed';
  /** A whole sentence: `The parameter "zip" was added.` */
  sentence: string;
}

export interface PostingAuthentication {
  kind: 'none' | 'basic';
  /** What to send, or that nothing is needed. */
  sentence: string;
  /** `Authorization: Basic …` with a place for the key; null: none is needed. */
  header: PostingHeader | null;
}

export interface PostingHeader {
  name: string;
  /** As a request of this page has it. */
  value: string;
  required: boolean;
  sentence: string;
}

export interface PostingFormat {
  name: 'form' | 'json' | 'xml' | 'query';
  /** null: `query`, which has no body. */
  media_type: string | null;
  sentence: string;
}

/** A parameter as the vendor posts it. */
export interface PostingField {
  /** The name to post. */
  name: string;
  label: string;
  /** Of the type in words: `Phone number`. */
  type: string;
  /** The id of the type, as `GET /types` lists it; `string` for a parameter that is only a part of a field. */
  type_id: string;
  required: 'yes' | 'no' | 'when';
  /** Of `when`: a whole sentence; else null. */
  required_when: string | null;
  /** How a value is read; null: as it is. */
  format: string | null;
  /** The values that pass; null: not limited to a list. At most `ALLOWED_VALUES_MAX`, `allowed_count` says how many there are. */
  allowed_values: string[] | null;
  allowed_count: number;
  /** Values that are read as valid. */
  examples: string[];
  /** Characters; null: only the size of the request is bounded. */
  max_length: number | null;
  /** null: the source takes no pings. */
  needed_at_ping: boolean | null;
  /** What the owner says of the field, or how it is used; null: nothing. */
  hint: string | null;
  /** The value is masked before anything is stored. */
  is_masked: boolean;
}

/** What a lead is judged by; a rule speaks of parameters by the names of `fields`. */
export interface PostingRules {
  rules: PostingRule[];
  /** Rules that are not shown: the owner hides them, or they ask what the sender does not know. */
  hidden_count: number;
}

export type PostingRule =
  /** `phoneNumber must not be blank.` `parameters`: the ones it speaks of. */
  | { kind: 'rule'; sentence: string; parameters: string[] }
  /** `any`: one of `rules` must hold; `all`: each of them. */
  | { kind: 'any' | 'all'; sentence: string; rules: PostingRule[] };

export interface PostingLimits {
  /** null: leads are taken at any time. */
  hours: PostingHours | null;
  /** null: the link does not share caps. Empty: there are none. */
  caps: PostingCap[] | null;
  /** Bytes of a request's body. */
  body_bytes_max: number;
}

export interface PostingHours {
  time_zone: string;
  is_open_now: boolean;
  /** Monday first; a day without periods is closed. */
  days: { day: string; periods: { start: string; end: string }[] }[];
  /** What a lead gets outside them. */
  sentence: string;
}

export interface PostingCap {
  /** `At most 500 leads a day (America/Chicago).` */
  sentence: string;
  maximum: number;
  duration: number;
  duration_units: string;
  time_zone: string;
}

export interface PostingPrice {
  /** Evaluated in order; the last one whose rules match is paid. */
  prices: { amount: number; sentence: string }[];
  /** What to expect beside `prices`: that a service is asked, or that bids decide. */
  sentence: string;
}

/** One lead with values that the page's own rules accept. */
export interface PostingSample {
  values: { name: string; value: string }[];
  /** The same as the body of a request in each format. `query`: the whole URL. */
  bodies: Record<'form' | 'json' | 'xml' | 'query', string>;
}

/** One answer that a sender may get, made by the code that answers leads. */
export interface PostingResponse {
  kind:
    | 'success'
    | 'failure'
    | 'error'
    | 'duplicate'
    | 'ping_success'
    | 'ping_failure'
    | 'redirect'
    | 'malformed'
    | 'unauthorized'
    | 'disabled'
    | 'method'
    | 'media_type'
    | 'not_acceptable'
    | 'too_large'
    | 'not_found'
    | 'unavailable';
  title: string;
  status: number;
  /** What it means and what to do. */
  sentence: string;
  /** Send the same request again later? */
  may_retry: boolean;
  /** One for each format that the source answers in. */
  bodies: PostingBody[];
}

export interface PostingBody {
  format: 'json' | 'xml' | 'text';
  media_type: string;
  body: string;
}

export interface PostingMember {
  /** Dotted: `lead.id`. */
  name: string;
  type: string;
  sentence: string;
  /** false: left out of some answers. */
  is_always_there: boolean;
}

export interface PostingPing {
  url: string;
  /** How a ping and its post work, in order. */
  sentences: string[];
  /** How long the price of an accepted ping holds. */
  life_seconds: number;
  /** Of an accepted ping: the header with its id. */
  id_header: string;
  /** The parameter of the post that names its ping. */
  id_parameter: string;
}

export interface PostingRedirect {
  parameter: string;
  sentence: string;
  /** Hosts that visitors may be sent to; null: any. */
  hosts: string[] | null;
  example: string;
}

/** Addresses of the page in other forms, absolute. */
export interface PostingDownloads {
  json: string;
  markdown: string;
  openapi: string;
  postman: string;
  csv: string;
}

/** Lines of "what changed". */
export const CHANGES_MAX = 20;
/** Values of a parameter that are listed. */
export const ALLOWED_VALUES_MAX = 500;
