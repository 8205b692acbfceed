import { escapeHtml } from './html';
import { openIssue } from './issueActs';
import { startSmallSandbox } from './__testUtils__/startSmallSandbox';

describe('pages', () => {
  let sandbox: Awaited<ReturnType<typeof startSmallSandbox>>;

  beforeAll(async () => {
    sandbox = await startSmallSandbox();
  });
  afterAll(() => sandbox?.stop());

  const open = (path: string) => fetch(`${sandbox.url}${path}`);

  it('exist behind every kind of link out of the portal', async () => {
    const [run] = [...sandbox.state.runs.values()];
    const [job] = sandbox.state.jobsOfRun.get(run.id) ?? [];
    const { number } = openIssue(
      sandbox.github,
      [...sandbox.state.repos.values()][0],
      { actor: 'dana', at: 0 },
      { title: 'Slow', body: '<b>', labels: ['incident'] },
    );
    const paths = [
      '/',
      '/acme',
      '/acme/app',
      '/acme/app/tree/main',
      '/acme/app/tree/main/src',
      '/acme/app/blob/main/README.md',
      '/acme/app/edit/main/README.md',
      '/acme/app/actions',
      `/acme/app/actions/runs/${run.id}`,
      `/acme/app/actions/runs/${run.id}/attempts/1`,
      `/acme/app/actions/runs/${run.id}/job/${job.id}`,
      `/acme/app/commit/${run.headSha}`,
      '/acme/app/pull/1',
      `/acme/app/issues/${number}`,
      '/acme/app/deployments',
      '/avatars/dana.svg',
    ];
    const answers = await Promise.all(
      paths.map(async path => `${path} ${(await open(path)).status}`),
    );
    expect(answers).toEqual(paths.map(path => `${path} 200`));
    expect((await open('/acme/none')).status).toBe(404);
    expect((await open('/acme/app/actions/runs/1')).status).toBe(404);
  });

  it('escape what people wrote', async () => {
    const [run] = [...sandbox.state.runs.values()];
    run.displayTitle = '<script>alert("x")</script>';
    const html = await (await open(`/acme/app/actions/runs/${run.id}`)).text();
    expect(html).not.toContain('<script>');
    expect(html).toContain(escapeHtml(run.displayTitle));
  });
});
