function address(): string {
  const url = process.env.E2E_SANDBOX_URL;
  if (!url)
    throw new Error('E2E_SANDBOX_URL is not set; the global set-up does that.');
  return url;
}

async function call<T>(
  method: string,
  path: string,
  body?: unknown,
): Promise<T> {
  const response = await fetch(`${address()}/_sandbox${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok)
    throw new Error(`sandbox ${path}: ${JSON.stringify(answer)}`);
  return answer as T;
}

interface Pushed {
  sha: string;
  branch: string;
  runs: { id: number; name: string; runNumber: number }[];
}

/** What happens at GitHub, made to happen. */
export const sandbox = {
  url: address,
  push: (target: string, options: { message?: string; branch?: string } = {}) =>
    call<Pushed>('POST', '/push', { target, ...options }),
  fail: (target: string, job?: string) =>
    call('POST', '/fail', { target, job }),
  /** Brings a branch to the default branch, as a merged pull request does. */
  merge: (target: string, options: { from?: string; user?: string } = {}) =>
    call<Pushed>('POST', '/merge', { target, ...options }),
  cancel: (target: string) => call('POST', '/cancel', { target }),
  approve: (target: string, user: string) =>
    call('POST', '/approve', { target, user }),
  fault: (kind: string, options: Record<string, number | string> = {}) =>
    call('POST', '/fault', { kind, ...options }),
  /** Somebody changes the service by hand. */
  drift: (target: string, environment = 'production') =>
    call('POST', '/drift', { target, environment }),
  alarm: (target: string, options: { off?: boolean } = {}) =>
    call('POST', '/alarm', { target, ...options }),
  breakTargets: (
    target: string,
    options: { reason?: 'timeout' | 'code'; off?: boolean } = {},
  ) => call('POST', '/break-targets', { target, ...options }),
  /** The smoke test of the next deployment to production fails. */
  breakSmoke: (target: string) => call('POST', '/break-smoke', { target }),
  /** An issue that says that users notice something. */
  incident: (target: string, options: { close?: boolean } = {}) =>
    call('POST', '/incident', { target, ...options }),
  awsFault: (kind: 'throttle' | 'access-denied' | 'down', account: string) =>
    call('POST', '/aws-fault', { kind, account }),
  calmAws: (account: string) =>
    call('POST', '/aws-fault', { kind: 'clear', account }),
  /** Calls of AWS's API since the start. */
  awsCalls: () =>
    call<{ total: number }>('GET', '/aws-calls').then(answer => answer.total),
  calmDown: () => call('POST', '/fault', { kind: 'clear' }),
  /** Calls of GitHub's API since the start. */
  calls: async () => (await call<{ total: number }>('GET', '/calls')).total,
  status: () =>
    call<{ webhooks: { waiting: number; failed: number } }>('GET', '/status'),
};
