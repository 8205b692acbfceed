import { Sandbox } from '../../server';
import { RepoRecord } from '../../state';
import { openIssue } from '../issueActs';
import type { Question } from './questions';

/** One question for each route about pull requests and issues; makes an issue and a review for them. */
export function changeQuestions(
  sandbox: Sandbox,
  repo: RepoRecord,
): Record<string, Question> {
  const { state } = sandbox;
  const at = state.clock.now();
  const { number } = openIssue(
    sandbox.github,
    repo,
    { actor: 'dana', at },
    { title: 'Slow', body: 'Since noon', labels: ['incident'] },
  );
  const pull = [...state.pulls.values()].find(p => p.repoId === repo.id);
  if (!pull) throw new Error('no pull request');
  pull.labels = ['hotfix'];
  pull.reviews = [
    {
      id: state.nextId(),
      nodeId: 'PRR_1',
      user: 'dana',
      state: 'APPROVED',
      body: 'Fine',
      at,
      commitSha: pull.headSha,
    },
  ];
  const pulls = `/repos/${repo.owner}/${repo.name}/pulls`;
  const issues = `/repos/${repo.owner}/${repo.name}/issues`;
  const base = 'GET /repos/{owner}/{repo}';
  return {
    [`${base}/pulls`]: { path: `${pulls}?state=all` },
    [`${base}/pulls/{pull_number}`]: { path: `${pulls}/1` },
    [`${base}/pulls/{pull_number}/commits`]: { path: `${pulls}/1/commits` },
    [`${base}/pulls/{pull_number}/files`]: { path: `${pulls}/1/files` },
    [`${base}/pulls/{pull_number}/reviews`]: { path: `${pulls}/1/reviews` },
    [`${base}/issues`]: { path: `${issues}?state=all` },
    [`${base}/issues/{issue_number}`]: { path: `${issues}/${number}` },
    [`${base}/issues/{issue_number}/events`]: {
      path: `${issues}/${number}/events`,
    },
    [`${base}/issues/{issue_number}/timeline`]: {
      path: `${issues}/${number}/timeline`,
    },
  };
}
