import type { JobRecord, RunRecord } from '../../state';
import { memoryWorld } from '../testUtils/memoryWorld';
import { readWorkflowFile } from '../workflowFile';
import type { LoadedWorkflow } from '../WorkflowSource';
import { jobClaims, subjectPrefix } from './claims';
import { excessOf, jobPlace } from './permissions';

const SHA = 'a'.repeat(40);

function loaded(
  text: string,
  at: { slug: string; ref: string; path?: string },
  calls: Record<string, LoadedWorkflow> = {},
): LoadedWorkflow {
  const path = at.path ?? '.github/workflows/x.yml';
  return {
    file: readWorkflowFile(path, text),
    slug: at.slug,
    ref: at.ref,
    sha: SHA,
    calls: new Map(Object.entries(calls)),
  };
}

const plain = (permissions = '', jobPermissions = '') =>
  `on: [push, workflow_call]\n${permissions}\njobs:\n  a:\n    runs-on: x\n    ${jobPermissions}\n    steps: [{ run: "true" }]\n`;
const caller = (permissions: string) =>
  `on: push\njobs:\n  call:\n    ${permissions}\n    uses: acme/w/.github/workflows/x.yml@v2\n`;

async function setUp() {
  const { state, addRepo } = await memoryWorld();
  state.accounts.set('acme', {
    id: 7,
    nodeId: 'O_7',
    login: 'acme',
    name: 'acme',
    email: '',
    type: 'Organization',
  });
  return { state, repo: addRepo('shop') };
}

describe('what a token says', () => {
  it.each([
    [{ immutableSubject: true }, 'repo:acme@7/shop@ID'],
    [{ immutableSubject: false }, 'repo:acme/shop'],
    [{ createdAt: Date.UTC(2026, 6, 15) }, 'repo:acme@7/shop@ID'],
    [{ createdAt: Date.UTC(2026, 6, 15) - 1 }, 'repo:acme/shop'],
    [
      { createdAt: Date.UTC(2026, 8, 1), immutableSubject: false },
      'repo:acme/shop',
    ],
  ])('the subject of %p begins with %s', async (more, prefix) => {
    const { state, repo } = await setUp();
    Object.assign(repo, more);
    expect(subjectPrefix(state, repo)).toBe(
      prefix.replace('ID', String(repo.id)),
    );
  });

  it.each([
    [null, null, 'ref:refs/heads/main', 'refs/heads/main'],
    [5, null, 'pull_request', 'refs/pull/5/merge'],
    [null, 'qa', 'environment:qa', 'refs/heads/main'],
    [5, 'qa', 'environment:qa', 'refs/pull/5/merge'],
  ])(
    'pull request %p, environment %p: %s',
    async (pullRequest, environment, what, ref) => {
      const { state, repo } = await setUp();
      const root = loaded(caller(''), { slug: 'acme/shop', ref: 'main' });
      const inside = loaded(plain(), { slug: 'acme/w', ref: SHA });
      const run = {
        id: 9,
        runNumber: 3,
        name: 'X',
        event: pullRequest ? 'pull_request' : 'push',
        headBranch: 'main',
        headSha: SHA,
        actor: 'dana',
        pullRequest,
      } as RunRecord;
      const job = { attempt: 2, environment } as JobRecord;
      const about = { repo, run, job, root, audience: 'sts.amazonaws.com' };
      const said = (within: LoadedWorkflow) =>
        jobClaims(state, { ...about, inside: within }, 1_000_000);
      expect(said(inside)).toMatchObject({
        iss: 'https://token.actions.githubusercontent.com',
        aud: 'sts.amazonaws.com',
        sub: `repo:acme/shop:${what}`,
        repository_id: String(repo.id),
        repository_owner_id: '7',
        ref,
        run_id: '9',
        run_attempt: '2',
        actor_id: '11',
        workflow_ref: `acme/shop/.github/workflows/x.yml@${ref}`,
        job_workflow_ref: `acme/w/.github/workflows/x.yml@${SHA}`,
        exp: 1_300,
      });
      expect(said(inside).environment).toBe(environment ?? undefined);
      expect(said(root).job_workflow_ref).toBe(
        `acme/shop/.github/workflows/x.yml@${ref}`,
      );
      const tagged = { ...inside, ref: 'v2.0.0' };
      expect(said(tagged).job_workflow_ref).toMatch(/@refs\/tags\/v2\.0\.0$/);
      const branch = { ...inside, ref: 'main', slug: 'acme/w' };
      expect(said(branch).job_workflow_ref).toMatch(/@refs\/heads\/main$/);
    },
  );
});

describe('what the token of a job may do', () => {
  const WRITE = 'permissions: { id-token: write }';

  it.each([
    ['nothing said', plain(), undefined],
    ['the file', plain(WRITE), 'write'],
    ['the job', plain('permissions: {}', WRITE), 'write'],
    ['the job takes it back', plain(WRITE, 'permissions: {}'), undefined],
    ['write-all', plain('permissions: write-all'), 'write'],
    ['read-all', plain('permissions: read-all'), undefined],
  ])('%s', async (_what, text, expected) => {
    const { repo } = await setUp();
    repo.actions = { defaultWorkflowPermissions: 'write' };
    const root = loaded(text, { slug: 'acme/shop', ref: 'main' });
    expect(jobPlace(repo, root, 'a').permissions['id-token']).toBe(expected);
  });

  it.each([
    [WRITE, plain(WRITE), 'write'],
    [WRITE, plain(), 'write'],
    [WRITE, plain('permissions: {}'), undefined],
    ['permissions: { contents: read }', plain(WRITE), 'none'],
    ['', plain(WRITE), 'none'],
  ])('a call with %p narrows what is called', async (given, text, expected) => {
    const { repo } = await setUp();
    const called = loaded(text, { slug: 'acme/w', ref: SHA });
    const at = { slug: 'acme/shop', ref: 'main' };
    const root = loaded(caller(given), at, { call: called });
    const place = jobPlace(repo, root, 'call/a');
    expect(place.permissions['id-token']).toBe(expected);
    expect(place.loaded).toBe(called);
    expect(excessOf(repo, root) !== undefined).toBe(expected === 'none');
  });

  it('says which permission a caller does not give', async () => {
    const { repo } = await setUp();
    const called = loaded(plain(WRITE), { slug: 'acme/w', ref: SHA });
    const at = { slug: 'acme/shop', ref: 'main' };
    const root = loaded(caller('permissions: {}'), at, { call: called });
    expect(excessOf(repo, root)).toBe(
      `Error calling workflow 'acme/w/.github/workflows/x.yml@${SHA}'. The nested job 'a' is requesting 'id-token: write', but is only allowed 'id-token: none'.`,
    );
  });
});
