import examples from '@octokit/webhooks-examples';
import { RepoRecord } from '../state';
import { startSmallSandbox, until } from './__testUtils__/startSmallSandbox';
import { missing } from './__testUtils__/missing';
import { startReceiver } from './__testUtils__/webhookReceiver';
import {
  closeIssue,
  deleteIssue,
  editIssue,
  labelIssue,
  openIssue,
  reopenIssue,
  unlabelIssue,
} from './issueActs';

describe('webhooks of issues and pull requests', () => {
  let sandbox: Awaited<ReturnType<typeof startSmallSandbox>>;
  let receiver: Awaited<ReturnType<typeof startReceiver>>;
  let repo: RepoRecord;

  const named = (event: string) =>
    receiver.received
      .filter(({ headers }) => headers['x-github-event'] === event)
      .map(({ body }) => body);

  beforeAll(async () => {
    receiver = await startReceiver();
    sandbox = await startSmallSandbox({ webhookUrl: receiver.url });
    repo = sandbox.state.repo('acme', 'app') as RepoRecord;
    const { github: ctx } = sandbox;
    const who = { actor: 'dana', at: Date.now() };
    const issue = openIssue(ctx, repo, who, {
      title: 'Slow',
      body: 'Since noon',
      labels: ['incident'],
    });
    editIssue(ctx, issue, who, { title: 'Very slow' });
    unlabelIssue(ctx, issue, who, 'incident');
    labelIssue(ctx, issue, who, 'incident');
    closeIssue(ctx, issue, who);
    reopenIssue(ctx, issue, who);
    deleteIssue(ctx, issue, who);
    await fetch(`${sandbox.url}/_sandbox/hotfix`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ target: 'app-api', user: 'ravi' }),
    });
    await until(() => named('pull_request').length === 3);
    await sandbox.github.webhooks.idle();
  });
  afterAll(async () => {
    await sandbox?.stop();
    await receiver?.close();
  });

  it('tells the life of an issue in order', () => {
    expect(named('issues').map(({ action }) => action)).toEqual([
      'opened',
      'labeled',
      'edited',
      'unlabeled',
      'labeled',
      'closed',
      'reopened',
      'deleted',
    ]);
    const [, labeled, edited, unlabeled, , closed, reopened] = named('issues');
    expect(labeled).toMatchObject({ label: { name: 'incident' } });
    expect(edited).toMatchObject({
      changes: { title: { from: 'Slow' } },
      issue: { title: 'Very slow', labels: [{ name: 'incident' }] },
    });
    expect(unlabeled).toMatchObject({ issue: { labels: [] } });
    expect(closed).toMatchObject({
      issue: { state: 'closed', state_reason: 'completed' },
      sender: { login: 'dana' },
      repository: { full_name: 'acme/app' },
    });
    expect(reopened).toMatchObject({ issue: { closed_at: null } });
  });

  it('tells how a pull request was opened, labelled and merged', () => {
    const [opened, labeled, closed] = named('pull_request');
    expect(opened).toMatchObject({
      action: 'opened',
      number: 2,
      pull_request: { merged: false, commits: 1, changed_files: 1 },
    });
    expect(labeled).toMatchObject({
      action: 'labeled',
      label: { name: 'hotfix' },
    });
    const info = [...sandbox.state.pulls.values()].find(
      ({ number, repoId }) => number === 2 && repoId === repo.id,
    );
    expect(closed).toMatchObject({
      action: 'closed',
      sender: { login: 'dana' },
      pull_request: {
        merged: true,
        state: 'closed',
        merge_commit_sha: info?.mergeSha,
        labels: [{ name: 'hotfix' }],
        merged_by: { login: 'dana' },
        head: { ref: info?.headBranch, sha: info?.headSha },
        base: { ref: 'main', sha: info?.baseSha },
      },
    });
  });

  it.each(['issues', 'pull_request'])(
    '%s has every member that GitHub’s recorded bodies have',
    name => {
      const recorded = examples.find(item => item.name === name)?.examples;
      const lacking: Record<string, string[]> = {};
      const compared = new Set<unknown>();
      for (const example of recorded ?? []) {
        const { action } = example as { action?: string };
        const ours = named(name).find(body => body.action === action);
        if (!ours) continue;
        compared.add(action);
        // the recorded `opened` is of an issue that came from another repository
        const paths = missing(example, ours).filter(at => at !== '.changes');
        if (paths.length > 0) lacking[`${action}`] = paths;
      }
      expect(lacking).toEqual({});
      expect(compared.size).toBeGreaterThanOrEqual(3);
    },
  );
});
