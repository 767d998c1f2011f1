import { LEADS_FOUND_MAX, SEARCH_ORDERS } from '../events/lead-search-store.ts';
import { QUERY_CHARACTERS_MAX } from '../search/parse-query.ts';
import { about, integer, oneOf, text } from './parameters.ts';

export const HITS_MAX = 100;

export const SEARCH_PARAMETERS = {
  query: about(
    'Beginnings of words, all of which a lead must have; words in double quotes stand beside each other and are whole. Also an id of a lead, an event or a ping, an e-mail address, a phone in any spelling, a reference.',
    text({ charactersMax: QUERY_CHARACTERS_MAX }),
  ),
  sort_by: about(
    'Unless given by relevance: leads that have more of the words as whole words or exact values first, and of those the newest.',
    oneOf(SEARCH_ORDERS),
  ),
  sort_dir: about('`asc` unless given; only with `sort_by`.', oneOf(['asc', 'desc'])),
  from: about('The place of the first hit, from 0.', integer({ min: 0, max: LEADS_FOUND_MAX })),
  limit: about('Hits of a page; 10 unless given.', integer({ min: 1, max: HITS_MAX })),
};
