import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { settle } from './check-page.ts';
import { SIZES } from './open-page.ts';

/**
 * Fails unless rows can be told apart on a laptop: no list is wider than its frame, no button is cut at an edge, and no two rows,
 * names or ids look the same because their ends are cut off.
 */
export async function checkRows(page: Page): Promise<void> {
  const size = page.viewportSize();
  await page.setViewportSize(SIZES.laptop);
  await settle(page);
  expect(await page.evaluate(FIND_LOST), 'rows that cannot be told apart at 1024 px').toEqual([]);
  if (size) await page.setViewportSize(size);
}

const FIND_LOST = `(() => {
  const lost = [];
  const isSeen = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  // What of a cell is read: the characters that lie within what cuts it off.
  const readSeen = (cell) => {
    const cut = cell.querySelector(':scope > div') ?? cell;
    const isCut = cut.scrollWidth > cut.clientWidth || cut.scrollHeight > cut.clientHeight;
    if (!isCut) return cell.textContent;
    const { right, bottom } = cut.getBoundingClientRect();
    const walk = document.createTreeWalker(cut, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    let seen = '';
    while (walk.nextNode())
      for (let at = 0; at < walk.currentNode.data.length; at += 1) {
        range.setStart(walk.currentNode, at);
        range.setEnd(walk.currentNode, at + 1);
        const box = range.getBoundingClientRect();
        if (box.right <= right + 1 && box.bottom <= bottom + 1) seen += walk.currentNode.data[at];
      }
    return seen;
  };
  for (const frame of document.querySelectorAll('main section:has(> table)')) {
    const name = frame.getAttribute('aria-label');
    const { left, right } = frame.getBoundingClientRect();
    const isList = frame.querySelector(':scope > table[data-list]') !== null;
    if (isList && frame.scrollWidth > frame.clientWidth + 1)
      lost.push(name + ': ' + (frame.scrollWidth - frame.clientWidth) + ' px wider than its frame');
    for (const button of frame.querySelectorAll('button, a')) {
      const box = button.getBoundingClientRect();
      if (isList && isSeen(button) && (box.right > right + 1 || box.left < left - 1))
        lost.push(name + ': cut at the edge: ' + button.textContent);
    }
    const rows = [...frame.querySelectorAll(':scope > table > tbody > tr')];
    const columns = isList ? (rows[0]?.cells.length ?? 0) : 0;
    const tell = (pairs) => {
      const whole = new Map();
      for (const { seen, text } of pairs) {
        const other = whole.get(seen) ?? text;
        whole.set(seen, other);
        if (other !== text) lost.push(name + ': "' + other + '" and "' + text + '" look the same');
      }
    };
    const read = (cell) => ({ seen: readSeen(cell), text: cell.textContent });
    const shown = rows.map(({ cells }) => [...cells].map((cell) => (isSeen(cell) ? cell : null)));
    // A sentence may end like another; what names a row, leads to it or is its id may not.
    const names = (cell, column) => column === 0 || cell.querySelector('a, button, code') !== null;
    for (let column = 0; column < columns; column += 1)
      tell(shown.flatMap((cells) => (cells[column] && names(cells[column], column) ? [read(cells[column])] : [])));
    if (!isList) continue;
    const wholes = shown.map((cells) => cells.filter(Boolean).map(read));
    tell(wholes.map((cells) => ({
      seen: cells.map(({ seen }) => seen).join(' '),
      text: cells.map(({ text }) => text).join(' '),
    })));
  }
  return [...new Set(lost)];
})()`;
