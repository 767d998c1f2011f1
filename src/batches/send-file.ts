import type { BatchTarget } from './batch.ts';

/** A file on its way. */
export interface FileToSend {
  /** Of the file: a target that can tells a repeated delivery by it. */
  id: string;
  name: string;
  contentType: string;
  rows: number;
  content: Buffer;
}

/** How an attempt to send ended; a reason is a sentence part without secrets and without values of leads. */
export type FileSent =
  /** `note`: what of it went wrong all the same. */
  { kind: 'delivered'; note?: string } | { kind: 'failed'; reason: string };

/** Sends one file to one kind of target. Never throws for what a target does. */
export type SendFile<Target extends BatchTarget = BatchTarget> = (
  file: FileToSend,
  to: { accountId: string; batchName: string; target: Target; timeoutMs: number; signal: AbortSignal },
) => Promise<FileSent>;

/** By the type of the target. */
export type FileSenders = { readonly [Type in BatchTarget['type']]: SendFile<Extract<BatchTarget, { type: Type }>> };

/** One function for all targets. */
export function chooseSender(senders: FileSenders): SendFile {
  return (file, { target, ...to }) => {
    switch (target.type) {
      case 'email':
        return senders.email(file, { target, ...to });
      case 'sftp':
        return senders.sftp(file, { target, ...to });
      case 's3':
        return senders.s3(file, { target, ...to });
      case 'azure':
        return senders.azure(file, { target, ...to });
    }
  };
}

/** Where a file went, for people; nothing of it is secret. */
export function describeTarget(target: BatchTarget): string {
  switch (target.type) {
    case 'email':
      return `email to ${target.to.join(', ')}`;
    case 'sftp':
      return `SFTP, folder ${target.path}`;
    case 's3':
      return `S3, bucket ${target.bucket}, prefix "${target.prefix}"`;
    case 'azure':
      return `Azure, container ${target.container}, prefix "${target.prefix}"`;
  }
}
