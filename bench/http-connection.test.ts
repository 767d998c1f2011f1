import { describe, expect, it } from 'vitest';
import { parseAnswer } from './http-connection.ts';
import { createPersonRequest } from './person-request.ts';

describe('parseAnswer', () => {
  const whole = 'HTTP/1.1 201 Created\r\nContent-Type: text/plain\r\ncontent-length: 2\r\n\r\nok';

  it('answers status and body of a whole answer', () => {
    const answer = parseAnswer(Buffer.from(whole));
    expect([answer?.status, answer?.body.toString()]).toEqual([201, 'ok']);
  });

  it('waits for the rest at every cut', () => {
    for (let length = 0; length < whole.length; length += 1)
      expect(parseAnswer(Buffer.from(whole.slice(0, length)))).toBeNull();
  });
});

describe('a person request', () => {
  it('changes only the person, and its length is right', () => {
    const request = createPersonRequest('/x');
    request.become(0);
    const first = request.bytes.toString();
    request.become(7_999_999);
    const last = request.bytes.toString();
    expect(first).toContain('phone_1=5122000000&');
    expect(last).toContain('phone_1=5129999999&');
    const [head, body] = last.split('\r\n\r\n');
    expect(head).toContain(`Content-Length: ${body?.length}`);
    expect(last.replaceAll('9999999', '2000000')).toBe(first);
  });
});
