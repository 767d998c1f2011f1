import { keepWhole } from './aggregations.ts';
import { component, type FieldType, rawComponent } from './field-type.ts';
import { operatorPairs } from './operator-pairs.ts';
import { richText } from './rich-value.ts';
import { submitted, textOf } from './submitted.ts';
import { readWebAddress } from './web-address.ts';

export const urlType: FieldType = {
  name: 'url',
  isMaskable: false,
  components: [
    rawComponent,
    component('protocol', 'string', 'http or https'),
    component('host', 'string', 'The host, with the port when there is one'),
    component('port', 'string', 'The port, empty when it is the default one'),
    component('path', 'string', 'The path, / when there is none'),
    component('query', 'string', 'The query without the question mark'),
    component('hash', 'string', 'The fragment with the number sign; blank when nothing stands behind it'),
  ],
  operators: operatorPairs('equal', 'blank', 'obscene', 'format', 'includes', 'includedIn'),
  parse(value) {
    const raw = textOf(submitted(value));
    const url = readWebAddress(raw);
    if (url === undefined) return richText(raw, { valid: false, raw });
    return richText(url.href, {
      protocol: url.protocol.slice(0, -1),
      host: url.host,
      port: url.port,
      path: url.pathname,
      query: url.search.slice(1),
      hash: url.hash,
      valid: true,
      raw,
    });
  },
  aggregate: keepWhole,
  examples: ['https://www.example.com/page?campaign=1', 'example.com'],
};
