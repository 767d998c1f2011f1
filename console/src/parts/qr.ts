/*
 * QR codes (ISO/IEC 18004), as much as an `otpauth:` URL needs: bytes, versions 1 to 10, error correction L, mask 0. Any reader
 * takes any mask; one is enough for a picture on a screen.
 */

/** By version from 1: correction codewords of a block, then the data codewords of each block. */
const BLOCKS: readonly { correction: number; data: readonly number[] }[] = [
  { correction: 7, data: [19] },
  { correction: 10, data: [34] },
  { correction: 15, data: [55] },
  { correction: 20, data: [80] },
  { correction: 26, data: [108] },
  { correction: 18, data: [68, 68] },
  { correction: 20, data: [78, 78] },
  { correction: 24, data: [97, 97] },
  { correction: 30, data: [116, 116] },
  { correction: 18, data: [68, 68, 69, 69] },
];
/** Rows and columns of the middles of alignment patterns, by version from 1. */
const ALIGNED: readonly (readonly number[])[] = [
  ...[[], [6, 18], [6, 22], [6, 26], [6, 30], [6, 34]],
  ...[
    [6, 22, 38],
    [6, 24, 42],
    [6, 26, 46],
    [6, 28, 50],
  ],
];

type Grid = (boolean | null)[][];

/** Rows of modules, true: dark. null: the text is longer than version 10 holds. */
export function encodeQr(text: string): boolean[][] | null {
  const bytes = new TextEncoder().encode(text);
  const version = BLOCKS.findIndex(({ data }, place) => bytes.length <= sum(data) - (place < 9 ? 2 : 3)) + 1;
  const blocks = BLOCKS[version - 1];
  if (blocks === undefined) return null;
  const codewords = interleave(writeData(bytes, { version, length: sum(blocks.data) }), blocks);
  const grid = drawPatterns(version);
  const isFree = grid.map((row) => row.map((module) => module === null));
  placeCodewords(grid, codewords);
  return grid.map((row, y) =>
    row.map((module, x) => (isFree[y]?.[x] ? (module ?? false) !== ((x + y) % 2 === 0) : (module ?? false))),
  );
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

/** Mode, length, bytes, end, and padding up to `length` codewords. */
function writeData(bytes: Uint8Array, { version, length }: { version: number; length: number }): number[] {
  const bits: number[] = [];
  const push = (value: number, count: number) => {
    for (let place = count - 1; place >= 0; place -= 1) bits.push((value >> place) & 1);
  };
  push(0b0100, 4);
  push(bytes.length, version < 10 ? 8 : 16);
  for (const byte of bytes) push(byte, 8);
  push(0, Math.min(4, length * 8 - bits.length));
  while (bits.length % 8 !== 0) bits.push(0);
  const data: number[] = [];
  for (let at = 0; at < bits.length; at += 8) data.push(Number.parseInt(bits.slice(at, at + 8).join(''), 2));
  for (let pad = 0xec; data.length < length; pad ^= 0xec ^ 0x11) data.push(pad);
  return data;
}

/** The first codeword of each block, then the second of each …; then likewise those of correction. */
function interleave(data: readonly number[], { correction, data: lengths }: (typeof BLOCKS)[number]): number[] {
  let at = 0;
  const parts = lengths.map((length) => {
    const part = data.slice(at, at + length);
    at += length;
    return part;
  });
  const corrections = parts.map((part) => correct(part, correction));
  const turn = (lists: readonly number[][]) =>
    Array.from({ length: Math.max(...lists.map(({ length }) => length)) }, (_, place) =>
      lists.flatMap((list) => list[place] ?? []),
    ).flat();
  return [...turn(parts), ...turn(corrections)];
}

/** Product in the field of 256 elements with x⁸ + x⁴ + x³ + x² + 1. */
function multiply(one: number, other: number): number {
  let product = 0;
  for (let place = 7; place >= 0; place -= 1) {
    product = (product << 1) ^ ((product >> 7) * 0x11d);
    product ^= ((other >> place) & 1) * one;
  }
  return product;
}

/** The Reed-Solomon remainder: `count` codewords. */
function correct(data: readonly number[], count: number): number[] {
  const divisor: number[] = Array.from({ length: count }, (_, place) => (place === count - 1 ? 1 : 0));
  let root = 1;
  for (let step = 0; step < count; step += 1) {
    for (let place = 0; place < count; place += 1)
      divisor[place] = multiply(divisor[place] ?? 0, root) ^ (divisor[place + 1] ?? 0);
    root = multiply(root, 2);
  }
  let rest = Array.from({ length: count }, () => 0);
  for (const byte of data) {
    const factor = byte ^ (rest[0] ?? 0);
    rest = [...rest.slice(1), 0].map((each, place) => each ^ multiply(divisor[place] ?? 0, factor));
  }
  return rest;
}

/** Everything that is no data; null: a module for data. */
function drawPatterns(version: number): Grid {
  const size = version * 4 + 17;
  const grid: Grid = Array.from({ length: size }, () => Array.from({ length: size }, () => null));
  const set = (x: number, y: number, isDark: boolean) => {
    const row = grid[y];
    if (row !== undefined && x >= 0 && x < size) row[x] = isDark;
  };
  for (let at = 0; at < size; at += 1) {
    set(at, 6, at % 2 === 0);
    set(6, at, at % 2 === 0);
  }
  for (const [x, y] of [
    [3, 3],
    [size - 4, 3],
    [3, size - 4],
  ] as const)
    drawSquare(set, { x, y, reach: 4, light: [2, 4] });
  const places = ALIGNED[version - 1] ?? [];
  const last = places.at(-1);
  // Corners have finders.
  for (const y of places)
    for (const x of places)
      if (!((x === 6 && y === 6) || (x === 6 && y === last) || (x === last && y === 6)))
        drawSquare(set, { x, y, reach: 2, light: [1] });
  drawFormat(set, size);
  if (version >= 7) drawVersion(set, { version, size });
  return grid;
}

type SetModule = (x: number, y: number, isDark: boolean) => void;

/** Rings around a middle; those at a distance of `light` are light. */
function drawSquare(
  set: SetModule,
  { x, y, reach, light }: { x: number; y: number; reach: number; light: readonly number[] },
): void {
  for (let dy = -reach; dy <= reach; dy += 1)
    for (let dx = -reach; dx <= reach; dx += 1)
      set(x + dx, y + dy, !light.includes(Math.max(Math.abs(dx), Math.abs(dy))));
}

/** Correction L and mask 0, with ten bits of their own correction. */
function drawFormat(set: SetModule, size: number): void {
  const level = 0b01 << 3;
  let rest = level;
  for (let step = 0; step < 10; step += 1) rest = (rest << 1) ^ ((rest >> 9) * 0x537);
  const bits = ((level << 10) | rest) ^ 0x5412;
  const isDark = (place: number) => ((bits >> place) & 1) === 1;
  for (let place = 0; place <= 5; place += 1) set(8, place, isDark(place));
  set(8, 7, isDark(6));
  set(8, 8, isDark(7));
  set(7, 8, isDark(8));
  for (let place = 9; place < 15; place += 1) set(14 - place, 8, isDark(place));
  for (let place = 0; place < 8; place += 1) set(size - 1 - place, 8, isDark(place));
  for (let place = 8; place < 15; place += 1) set(8, size - 15 + place, isDark(place));
  set(8, size - 8, true);
}

function drawVersion(set: SetModule, { version, size }: { version: number; size: number }): void {
  let rest = version;
  for (let step = 0; step < 12; step += 1) rest = (rest << 1) ^ ((rest >> 11) * 0x1f25);
  const bits = (version << 12) | rest;
  for (let place = 0; place < 18; place += 1) {
    const isDark = ((bits >> place) & 1) === 1;
    const far = size - 11 + (place % 3);
    const near = Math.floor(place / 3);
    set(far, near, isDark);
    set(near, far, isDark);
  }
}

/** In pairs of columns from the right, up and down in turn; the column of timing is left out. */
function placeCodewords(grid: Grid, codewords: readonly number[]): void {
  const size = grid.length;
  let at = 0;
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    const isUp = ((right + 1) & 2) === 0;
    for (let step = 0; step < size; step += 1)
      for (const x of [right, right - 1]) {
        const row = grid[isUp ? size - 1 - step : step];
        if (row === undefined || row[x] !== null) continue;
        row[x] = (((codewords[at >> 3] ?? 0) >> (7 - (at & 7))) & 1) === 1;
        at += 1;
      }
  }
}
