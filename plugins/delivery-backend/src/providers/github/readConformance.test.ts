import {
  answeringGithub,
  HOST,
  type Asked,
} from '../../__testUtils__/answeringGithub';

const scope = { host: HOST, slug: 'acme/api' };
const { signal } = new AbortController();
const SHA = 'a'.repeat(40);
const PIN = 'b'.repeat(40);
const USES = `acme/platform/.github/workflows/deploy.yml@${PIN}`;
const base = '/repos/acme/api';

const file = (text: string, over: object = {}) => ({
  ...{ type: 'file', sha: 'c'.repeat(40), encoding: 'base64' },
  ...{ size: text.length, content: Buffer.from(text).toString('base64') },
  ...over,
});
const missing = { status: 404, body: { message: 'Not Found' } };

/** A vendor that has these things; everything else is not there. */
function vendor(things: Record<string, unknown>) {
  const all: Record<string, unknown> = {
    [`${base}/commits/HEAD`]: { sha: SHA },
    [`${base}/contents/.github/workflows`]: [
      { type: 'file', path: '.github/workflows/ci.yml' },
      { type: 'file', path: '.github/workflows/README.md' },
      { type: 'dir', path: '.github/workflows/old.yml' },
    ],
    [`${base}/contents/.github/workflows/ci.yml`]: file(
      `on: push\njobs: { a: {\n  uses: ${USES} } }`
        .replace('{\n  ', '\n  ')
        .replace(' } }', ''),
    ),
    [`${base}/environments`]: { total_count: 0, environments: [] },
    ...things,
  };
  return answeringGithub(({ path }: Asked) =>
    path in all && all[path] !== undefined ? { body: all[path] } : missing,
  );
}

describe('readConformance', () => {
  it('reads the files of one commit, what they call, and the environments', async () => {
    const { calls, provider } = vendor({
      [`${base}/contents/catalog-info.yaml`]: file('kind: Component'),
      '/repos/acme/platform/contents/.github/workflows/deploy.yml':
        file('on: workflow_call'),
      [`${base}/environments`]: {
        total_count: 2,
        environments: [
          {
            ...{ name: 'production', can_admins_bypass: false },
            protection_rules: [
              { type: 'wait_timer' },
              {
                ...{ type: 'required_reviewers', prevent_self_review: true },
                reviewers: [{ type: 'User' }, { type: 'Team' }],
              },
            ],
            deployment_branch_policy: {
              ...{ protected_branches: false, custom_branch_policies: true },
            },
          },
          { name: 'staging', protection_rules: [] },
        ],
      },
      [`${base}/environments/production/deployment-branch-policies`]: {
        ...{ total_count: 1, branch_policies: [{ name: 'main' }] },
      },
    });
    const reading = await provider.readConformance(scope, signal);
    expect(reading).toMatchObject({
      ...{ sha: SHA, catalogInfo: 'kind: Component' },
      workflows: [{ path: '.github/workflows/ci.yml' }],
      called: { [USES]: 'on: workflow_call' },
      environments: [
        {
          ...{ name: 'production', reviewers: 2, preventSelfReview: true },
          ...{ adminsBypass: false, branches: ['main'] },
        },
        {
          ...{ name: 'staging', reviewers: 0, preventSelfReview: false },
          ...{ adminsBypass: true, branches: 'all' },
        },
      ],
    });
    const files = calls.filter(({ path }) =>
      path.startsWith(`${base}/contents`),
    );
    expect(files.map(({ query }) => query.ref)).toEqual([SHA, SHA, SHA]);
  });

  it('reads a pinned workflow that services share only once', async () => {
    const shared = '/repos/acme/platform/contents/.github/workflows/deploy.yml';
    const { calls, provider } = vendor({ [shared]: file('on: workflow_call') });
    await provider.readConformance(scope, signal);
    await provider.readConformance(scope, signal);
    expect(calls.filter(({ path }) => path === shared)).toHaveLength(1);
  });

  it('says what it may not read instead of guessing', async () => {
    const { provider } = vendor({ [`${base}/environments`]: undefined });
    const reading = await provider.readConformance(scope, signal);
    expect(reading.called).toEqual({ [USES]: null });
    expect(reading.environments).toBeUndefined();
    expect(reading.catalogInfo).toBeUndefined();
  });

  it('has no workflows where there is no folder of them', async () => {
    const { provider } = vendor({
      [`${base}/contents/.github/workflows`]: undefined,
    });
    expect((await provider.readConformance(scope, signal)).workflows).toEqual(
      [],
    );
  });

  it('keeps a file that is too large as one that cannot be read', async () => {
    const { provider } = vendor({
      [`${base}/contents/.github/workflows/ci.yml`]: file('x', {
        ...{ size: 90_000_000, encoding: 'none', content: '' },
      }),
    });
    const { workflows } = await provider.readConformance(scope, signal);
    expect(workflows).toEqual([{ path: '.github/workflows/ci.yml', text: '' }]);
  });

  it('does not take an outage for a repository without files', async () => {
    const { provider } = answeringGithub(({ path }) =>
      path.endsWith('/commits/HEAD')
        ? { body: { sha: SHA } }
        : { status: 502, body: {} },
    );
    await expect(provider.readConformance(scope, signal)).rejects.toThrow(
      expect.objectContaining({ name: 'ServiceUnavailableError' }),
    );
  });
});
