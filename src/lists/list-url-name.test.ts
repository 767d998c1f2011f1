import { describe, expect, it } from 'vitest';
import { listUrlName } from './list-url-name.ts';

describe('listUrlName', () => {
  it.each([
    ['My List', 'my_list'],
    [' Do Not  Call (TX) ', 'do_not_call_tx'],
    ['duplicate', 'duplicate'],
    ['a-b.c_d', 'abc_d'],
    ['東京', ''],
  ])('%s', (name, urlName) => {
    expect(listUrlName(name)).toBe(urlName);
  });
});
