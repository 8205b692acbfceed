import { InputError, NotFoundError } from '@backstage/errors';
import type {
  RepositoryScope,
  RunRef,
  WorkflowFile,
} from 'backstage-plugin-delivery-node';
import { z } from 'zod';
import type { GithubClient } from './GithubClient';
import { numberOf } from './keys';
import { ownerAndName } from './readRuns';
import { parseBody } from './schema';

/** GitHub's own limit is far below; more than this is no workflow but an attack on whoever parses it. */
export const MAX_WORKFLOW_BYTES = 1024 * 1024;

const contents = z.object({
  type: z.string(),
  size: z.number(),
  sha: z.string().max(64),
  encoding: z.string().nullish(),
  content: z.string().nullish(),
});

function refusal(code: string, message: string): InputError {
  return Object.assign(new InputError(message), { code, params: {} });
}

/**
 * See DeliveryProvider.readWorkflowFile.
 *
 * @throws `NotFoundError` when the commit has no such file, `InputError` when it is there and cannot be used
 */
export async function readWorkflowFile(
  client: GithubClient,
  scope: RepositoryScope,
  file: { path: string; sha: string },
  signal: AbortSignal,
): Promise<WorkflowFile> {
  const { owner, repo } = ownerAndName(scope.slug);
  const what = `${file.path} of ${scope.slug}`;
  if (!/^\.github\/workflows\/[^/]+\.ya?ml$/.test(file.path)) {
    // Pages, CodeQL and the like have made-up paths; there is nothing to ask for.
    throw Object.assign(
      new NotFoundError(`${file.path} is not a file of the repository.`),
      { code: 'workflow_not_a_file', params: { path: file.path } },
    );
  }
  const answer = await client.call({
    route: 'GET /repos/{owner}/{repo}/contents/{path}',
    owner,
    parameters: { owner, repo, path: file.path, ref: file.sha },
    what,
    signal,
  });
  if (Array.isArray(answer.data)) {
    throw refusal('workflow_is_folder', `${what} is a folder, not a file.`);
  }
  const raw = parseBody(contents, answer.data, 'contents');
  if (raw.type !== 'file') {
    throw refusal('workflow_not_a_file', `${what} is a ${raw.type}.`);
  }
  if (raw.size > MAX_WORKFLOW_BYTES || raw.encoding !== 'base64') {
    throw refusal(
      'workflow_too_large',
      `${what} has ${raw.size} bytes; a workflow file may have ${MAX_WORKFLOW_BYTES}.`,
    );
  }
  const text = Buffer.from(raw.content ?? '', 'base64').toString('utf8');
  if (text.startsWith('version https://git-lfs.github.com/spec/')) {
    throw refusal('workflow_in_lfs', `${what} lies in LFS and is not read.`);
  }
  if (text.includes('\0')) {
    throw refusal('workflow_not_text', `${what} is not a text.`);
  }
  return { ...file, blobSha: raw.sha, text };
}

/** Hosts that GitHub keeps logs on, besides its own API. */
export const LOG_HOSTS = [
  '*.actions.githubusercontent.com',
  '*.blob.core.windows.net',
];

/** `*.example.org` matches names below example.org, anything else itself. */
export function isAllowedHost(host: string, patterns: string[]): boolean {
  return patterns.some(pattern =>
    pattern.startsWith('*.')
      ? host.endsWith(pattern.slice(1)) && host.length > pattern.length - 1
      : host === pattern,
  );
}

/** See DeliveryProvider.openLog. The address GitHub gives is signed: our token is not sent there, and it may not send us on. */
export async function openLog(
  client: GithubClient,
  run: RunRef,
  jobKey: string,
  options: { apiBaseUrl: string; logHosts: string[]; fetch: typeof fetch },
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  const { owner, repo } = ownerAndName(run.slug);
  const what = `log of job ${numberOf(jobKey)}`;
  const location = new URL(
    await client.redirectOf({
      route: 'GET /repos/{owner}/{repo}/actions/jobs/{job_id}/logs',
      owner,
      parameters: { owner, repo, job_id: numberOf(jobKey) },
      what,
      signal,
    }),
  );
  const api = new URL(options.apiBaseUrl);
  const ours = location.origin === api.origin;
  const known =
    location.protocol === 'https:' &&
    isAllowedHost(location.host, options.logHosts);
  if (!ours && !known) {
    throw Object.assign(
      new NotFoundError(
        `The ${what} lies on ${location.host}, which is not among the hosts logs are read from.`,
      ),
      { code: 'log_host_refused', params: { host: location.host } },
    );
  }
  const response = await options.fetch(location, {
    redirect: 'error',
    signal,
  });
  if (!response.ok || !response.body) {
    await response.body?.cancel();
    throw Object.assign(
      new NotFoundError(`The ${what} is not there any more.`),
      { code: 'log_gone', params: { status: String(response.status) } },
    );
  }
  return response.body;
}
