import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkForms } from './harness/check-page.ts';
import { isChromiumInstalled, shareChromium } from './harness/chromium.ts';
import { type OpenedPage, openPage } from './harness/open-page.ts';

/** A page that keeps everything else. */
function pageOf(content: string): string {
  return `<!doctype html><html lang="en"><head><title>A page · Sluice</title></head><body>
    <main class="mantine-AppShell-main"><h1>A page</h1>${content}</main></body></html>`;
}

const button = (variant: string) =>
  `<button class="mantine-Button-root" data-variant="${variant}" style="height: 36px; width: 90px">${variant}</button>`;

const field = (index: number, { margin }: { margin: number }) =>
  `<div class="mantine-Input-wrapper" style="margin-left: ${margin}px; height: 40px; width: 200px"><input aria-label="Field ${index}" style="height: 24px"></div>`;

describe.skipIf(!isChromiumInstalled)('what every form keeps', () => {
  let opened: OpenedPage;
  const check = async (content: string) => {
    await opened.page.setContent(pageOf(content));
    return checkForms(opened);
  };
  beforeAll(async () => {
    opened = await openPage(await shareChromium(), { url: 'http://localhost' });
  });
  afterAll(() => opened?.close());

  it('has one solid button at most', async () => {
    await check(button('filled') + button('default'));
    await expect(check(button('filled') + button('filled'))).rejects.toThrow('one solid button');
  });

  it('begins fields of a form at four edges at most', async () => {
    const form = (edges: number) =>
      Array.from({ length: edges * 2 }, (_, index) => field(index, { margin: (index % edges) * 16 })).join('');
    await check(form(4));
    await expect(check(form(5))).rejects.toThrow('where fields of a form begin');
  });
});
