/** What the owner decides of a link. */
export interface PostingSettings {
  /** Whom vendors ask; null: nobody is named. */
  contact: string | null;
  shows_caps: boolean;
  shows_prices: boolean;
  hides_rules: boolean;
  /** The page has a button that posts a real lead. */
  allows_live_tests: boolean;
}

/** A link to the posting page of a source (decision page 0106). */
export interface PostingLink extends PostingSettings {
  id: string;
  flow_id: string;
  /** Of the source's entity. */
  source_id: string;
  created_at: string;
  updated_at: string;
}

/** A link with the token that opens it. */
export interface OpenedLink {
  link: PostingLink;
  /** null: it was sealed with a key that the server does not have any more. */
  token: string | null;
}

export interface PostingLinkKey {
  accountId: string;
  linkId: string;
  flowId: string;
  sourceId: string;
}

/** Links of one source at most: one for each vendor who gets another view of it. */
export const POSTING_LINKS_MAX = 20;
export const CONTACT_CHARACTERS_MAX = 200;

export interface PostingLinkStore {
  /** Of a source, oldest first. */
  list(place: Omit<PostingLinkKey, 'linkId'>): Promise<OpenedLink[]>;
  /** null: the source has as many as it may have. */
  insert(
    key: PostingLinkKey,
    made: { settings: PostingSettings; token: string; tokenHash: Buffer; now: number },
  ): Promise<OpenedLink | null>;
  /** null: the source has no such link. */
  replace(key: PostingLinkKey, made: { settings: PostingSettings; now: number }): Promise<OpenedLink | null>;
  /** From then on the link opens nothing. null: the source has no such link. */
  revoke(key: PostingLinkKey): Promise<PostingLink | null>;
  /** The link that a token opens; null: none, or it was revoked. */
  findByHash(tokenHash: Buffer): Promise<{ accountId: string; link: PostingLink } | null>;
}
