import type { BatchTarget } from '../batches/batch.ts';
import type { FileSenders, FileSent, FileToSend } from '../batches/send-file.ts';
import type { CredentialVault } from '../credentials/credential-store.ts';
import { describeUnreadable, type OpenedCredential, openCredential } from '../credentials/open-credential.ts';
import type { AllowedNetwork } from '../integrations/forbidden-address.ts';
import type { SendBytes } from '../integrations/http-client.ts';
import { mailServerOf } from '../integrations/mail-message.ts';
import type { Clock } from '../lib/clock.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Mailer } from '../mail/mailer.ts';
import { type ObjectService, openObjectStore } from '../object-stores/open-object-store.ts';
import { readSftpLogin } from '../sftp/sftp-login.ts';
import { type SftpDeps, uploadFile } from '../sftp/upload-file.ts';

export interface FileSenderDeps {
  vault: Pick<CredentialVault, 'find' | 'noteUse'>;
  mailer: Pick<Mailer, 'send'>;
  sendBytes: SendBytes;
  allowedNetworks: readonly AllowedNetwork[];
  startTimer: SftpDeps['startTimer'];
  clock: Pick<Clock, 'now'>;
  report(error: unknown): void;
}

/** How files of batches reach each kind of target. */
export function buildFileSenders(deps: FileSenderDeps): FileSenders {
  return {
    email: async (file, { accountId, batchName, target, timeoutMs }) => {
      const opened = await open(deps, { accountId, target });
      if (!opened.ok) return failed(opened.error);
      const server = mailServerOf(opened.value.vars);
      if (!server) return failed('the credential is not a mail server (smtp)');
      const fill = (text: string) => fillText(text, { batchName, file });
      const message = {
        from: { name: '', address: target.from },
        to: target.to.map((address) => ({ name: '', address })),
        subject: fill(target.subject),
        text: fill(target.text),
        attachments: [{ name: file.name, type: file.contentType, content: file.content }],
        // The same for the same file: a mail program shows one that came twice once.
        messageId: `batch.${file.id}@${target.from.split('@').at(-1) ?? 'sluice'}`,
      };
      const result = await deps.mailer.send(server, message, { timeoutMs });
      if (result.kind !== 'sent') return failed(result.reason);
      // Those that took it would get it again.
      return result.rejected.length === 0
        ? { kind: 'delivered' }
        : {
            kind: 'delivered',
            note: `${server.host} refused ${result.rejected.length} of ${target.to.length} recipients`,
          };
    },
    sftp: async (file, { accountId, target, timeoutMs, signal }) => {
      const opened = await open(deps, { accountId, target });
      const login = opened.ok ? readSftpLogin(opened.value.vars) : opened;
      if (!login.ok) return failed(login.error);
      const { allowedNetworks, startTimer } = deps;
      const end = await uploadFile(
        login.value,
        { folder: target.path, name: file.name, content: file.content },
        { timeoutMs, signal, deps: { allowedNetworks, startTimer } },
      );
      return end.kind === 'done' ? { kind: 'delivered' } : failed(end.reason);
    },
    s3: (file, { accountId, target }) =>
      putObject(file, { accountId, target, service: 'aws', bucket: target.bucket, deps }),
    azure: (file, { accountId, target }) =>
      putObject(file, { accountId, target, service: 'azure', bucket: target.container, deps }),
  };
}

async function putObject(
  file: FileToSend,
  to: {
    accountId: string;
    target: Extract<BatchTarget, { type: 's3' | 'azure' }>;
    service: ObjectService;
    bucket: string;
    deps: FileSenderDeps;
  },
): Promise<FileSent> {
  const { service, bucket, target, deps } = to;
  const credential = await deps.vault.find({ accountId: to.accountId, credentialId: target.credential_id });
  if (credential === null) return failed(MISSING);
  noteUse(to.accountId, target, deps);
  const store = openObjectStore({ service, bucket, credential }, { send: deps.sendBytes, clock: deps.clock });
  if (!store.ok) return failed(store.error);
  const put = await store.value.putObject({
    name: `${target.prefix}${file.name}`,
    body: file.content,
    contentType: file.contentType,
  });
  return put.kind === 'put' ? { kind: 'delivered' } : failed(put.fault.reason);
}

const MISSING = 'the credential of the batch is gone: give it another one';

/** As it is stored now, so that one that was repaired is used at once. */
async function open(
  deps: FileSenderDeps,
  { accountId, target }: { accountId: string; target: BatchTarget },
): Promise<Result<OpenedCredential, string>> {
  const live = await deps.vault.find({ accountId, credentialId: target.credential_id });
  if (live === null) return fail(MISSING);
  const opened = openCredential(live, null);
  if (opened === null) return fail(describeUnreadable(live));
  noteUse(accountId, target, deps);
  return ok(opened);
}

function noteUse(accountId: string, { credential_id: credentialId }: BatchTarget, deps: FileSenderDeps): void {
  deps.vault.noteUse({ accountId, credentialId }, deps.clock.now()).catch(deps.report);
}

function failed(reason: string): FileSent {
  return { kind: 'failed', reason };
}

function fillText(text: string, { batchName, file }: { batchName: string; file: FileToSend }): string {
  return text.replaceAll('{batch}', batchName).replaceAll('{file}', file.name).replaceAll('{rows}', String(file.rows));
}
