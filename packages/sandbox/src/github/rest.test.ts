import { Octokit } from '@octokit/rest';
import { startSmallSandbox } from './testUtils/startSmallSandbox';

describe('x', () => {
  it('y', async () => {
    const s = await startSmallSandbox();
    const o = new Octokit({ baseUrl: `${s.url}/api/v3`, auth: 'ghp_sandbox_dana' });
    const all = await o.paginate(o.rest.actions.listWorkflowRunsForRepo, { owner: 'acme', repo: 'app', per_page: 10 });
    expect(all).toHaveLength(45);
    await s.stop();
  });
});
