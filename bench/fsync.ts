import { closeSync, fdatasyncSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { percentile } from './statistics.ts';

/** How long the disk under a directory takes to make one database page durable. */
export interface FsyncTimes {
  p50Us: number;
  p99Us: number;
}

const PAGE_BYTES = 8192;
const WRITES = 300;

/** Appends pages to a file in `directory`, each followed by fdatasync, as a write-ahead log does. */
export function measureFsync(directory: string): FsyncTimes {
  const path = join(directory, `fsync-${process.pid}.probe`);
  const page = Buffer.alloc(PAGE_BYTES, 1);
  const file = openSync(path, 'w');
  try {
    const timesUs: number[] = [];
    for (let i = 0; i < WRITES; i += 1) {
      // The log reuses its segments: rewriting the same space spares the file system its own journal, as there.
      const startedAt = performance.now();
      writeSync(file, page, 0, PAGE_BYTES, 0);
      fdatasyncSync(file);
      if (i > 0) timesUs.push((performance.now() - startedAt) * 1000);
    }
    return { p50Us: Math.round(percentile(timesUs, 0.5)), p99Us: Math.round(percentile(timesUs, 0.99)) };
  } finally {
    closeSync(file);
    unlinkSync(path);
  }
}
