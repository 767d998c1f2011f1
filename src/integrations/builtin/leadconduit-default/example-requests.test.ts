import { describe, expect, it } from 'vitest';
import { exampleRequests } from './example-requests.ts';
import { readRequest } from './inbound-request.ts';

describe('exampleRequests', () => {
  it('are all read as the same lead', () => {
    const params = { first_name: 'Ann & Co', 'mortgage.loan.amount': '100000', tags: ['a', 'b'] };
    const examples = exampleRequests({ flowId: 'f', sourceId: 's', params, kind: 'submit' });
    const posts = examples.filter((example) => example.method === 'POST');
    expect(posts).toHaveLength(4);
    for (const { body = '', headers, ...example } of posts) {
      const request = {
        ...example,
        body,
        headers: { ...headers, 'Content-Length': '1' },
        version: '1.1',
        timestamp: 0,
      };
      expect(readRequest(request)).toStrictEqual({
        ok: true,
        value: { first_name: 'Ann & Co', mortgage: { loan: { amount: '100000' } }, tags: ['a', 'b'] },
      });
    }
  });
});
