import { describe, expect, it } from 'vitest';
import { negotiate } from './negotiate.ts';

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8';
const LEADCONDUIT = 'application/json;q=0.9,text/xml;q=0.8,application/xml;q=0.7,text/html;q=0.6,text/plain;q=0.5';

describe('negotiate', () => {
  it.each([
    [undefined, 'application/json'],
    ['', 'application/json'],
    ['*/*', 'application/json'],
    ['application/json', 'application/json'],
    ['text/xml; charset=utf-8', 'text/xml'],
    ['application/x-www-form-urlencoded;charset=UTF-8', 'application/x-www-form-urlencoded'],
    [BROWSER, 'application/xml'],
    [LEADCONDUIT, 'application/json'],
    ['application/json, text/plain, */*', 'application/json'],
    ['text/plain, text/xml', 'text/xml'],
    ['text/*', 'text/xml'],
    ['application/*', 'application/xml'],
    ['application/json;q=0.5, application/xml;q=0.6', 'application/xml'],
    ['application/json ; q=0.6 , application/xml;q=0.5', 'application/json'],
    ['application/json;q=0.5, */*', 'application/json'],
    ['application/json;q=0, text/xml;q=0.1', 'text/xml'],
    ['application/json;q=oops', 'application/json'],
    ['application/json;q=7', 'application/json'],
    ['text/html, *; q=.2, */*; q=.2', 'text/xml'],
    [',,application/json,', 'application/json'],
  ])('%s is answered with %s', (header, mediaType) => {
    expect(negotiate(header)).toBe(mediaType);
  });

  it.each([
    'text/html',
    'text/plain',
    'text/json',
    'application/vnd.api+json',
    'application/soap+xml',
    'multipart/form-data; boundary=zz',
    'application/json;q=0',
    '*/*;q=0',
    'json',
    ';',
    ',',
    ' ',
  ])('%s cannot be met', (header) => {
    expect(negotiate(header)).toBeUndefined();
  });
});
