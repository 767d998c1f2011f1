import type { Entity } from '../../api/library.ts';

/** What an entity is as a source, by the words of the API. */
export const SOURCES: Readonly<Record<NonNullable<Entity['source']>, string>> = {
  form: 'Form of one’s own',
  seller: 'Seller of leads',
  other: 'Other',
};

/** Likewise as a recipient. */
export const RECIPIENTS: Readonly<Record<NonNullable<Entity['recipient']>, string>> = {
  buyer: 'Buyer of leads',
  crm: 'CRM',
  analytics: 'Analytics',
  enhancement: 'Enhancement',
  esp: 'E-mail service',
  other: 'Other',
};
