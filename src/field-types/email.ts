import { keepOnly } from './aggregations.ts';
import { readEmailAddress } from './email-address.ts';
import { knownDomain } from './email-domains.ts';
import { component, type FieldType, rawComponent } from './field-type.ts';
import { operatorPairs } from './operator-pairs.ts';
import { richText } from './rich-value.ts';
import { submitted, textOf } from './submitted.ts';

export const emailType: FieldType = {
  name: 'email',
  isMaskable: false,
  components: [
    rawComponent,
    component('user', 'string', 'The part before the @, as typed'),
    component('domain', 'string', 'The part after the @, as typed'),
    component('host', 'string', 'The domain without its last label; a domain of one label whole'),
    component('tld', 'string', 'The last label of the domain'),
    component('is_free', 'boolean', 'Is the domain known to give addresses away?'),
    component('is_disposable', 'boolean', 'Is the domain known for addresses that are thrown away?'),
  ],
  operators: operatorPairs('equal', 'blank', 'obscene', 'format', 'includes', 'includedIn', 'pattern'),
  parse(value) {
    const raw = textOf(submitted(value));
    const address = readEmailAddress(raw);
    if (address === undefined) return richText(raw, { raw, valid: false });
    const { user, domain } = address;
    const { isFree, isDisposable } = knownDomain(domain.toLowerCase());
    const dot = domain.lastIndexOf('.');
    return richText(`${user}@${domain}`.toLowerCase(), {
      raw,
      user,
      is_free: isFree,
      is_disposable: isDisposable,
      domain,
      host: dot === -1 ? domain : domain.slice(0, dot),
      tld: domain.slice(dot + 1),
      valid: true,
    });
  },
  aggregate: keepOnly('domain', 'host', 'tld'),
  examples: ['Ann@Example.com', 'Ann Ray <ann@mail.example.co.uk>'],
};
