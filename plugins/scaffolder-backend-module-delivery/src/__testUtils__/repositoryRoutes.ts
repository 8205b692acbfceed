import type { Express } from 'express';
import { Refused, type FakeGithub } from './FakeGithub';
import type { FakeRepository, FakeRun } from './FakeRepository';

const BASE = '/repos/:owner/:repo';

/** Repositories, their branches, files and runs. */
export function addRepositoryRoutes(app: Express, github: FakeGithub): void {
  const html = (repo: FakeRepository) => `http://${github.host}/${repo.slug}`;
  const runBody = (repo: FakeRepository, run: FakeRun) => ({
    ...run,
    html_url: `${html(repo)}/actions/runs/${run.id}`,
  });

  app.get(
    BASE,
    github.answer(req => {
      const repo = github.repo(req);
      const role = repo.roleOf(github.caller(req)?.login);
      return {
        id: repo.id,
        name: repo.name,
        full_name: repo.slug,
        owner: { id: 77, login: repo.owner },
        html_url: html(repo),
        private: repo.isPrivate,
        visibility: repo.isPrivate ? 'private' : 'public',
        archived: repo.archived,
        default_branch: repo.defaultBranch,
        created_at: repo.createdAt,
        permissions: { admin: role === 'admin', push: role !== undefined },
      };
    }),
  );
  app.get(
    `${BASE}/branches`,
    github.answer(req => github.repo(req).branches.map(name => ({ name }))),
  );
  app.get(
    `${BASE}/commits/:ref`,
    github.answer(req => {
      const sha = github.repo(req).refs.get(req.params.ref);
      if (!sha) throw new Refused(422, `No commit found for SHA`);
      return { sha };
    }),
  );
  app.get(
    `${BASE}/contents/*`,
    github.answer(req => {
      const text = github.repo(req).files.get(req.params[0]);
      if (text === undefined) throw new Refused(404, 'Not Found');
      return {
        encoding: 'base64',
        content: Buffer.from(text).toString('base64'),
      };
    }),
  );
  app.get(
    `${BASE}/actions/oidc/customization/sub`,
    github.answer(req => {
      const { oidc } = github.ownRepo(req);
      if (!oidc) throw new Refused(404, 'Not Found');
      return oidc;
    }),
  );

  const list = (
    repo: FakeRepository,
    query: Record<string, unknown>,
    file?: string,
  ) => {
    const runs = repo.runs.filter(
      run =>
        (!query.head_sha || run.head_sha === query.head_sha) &&
        (!query.branch || run.head_branch === query.branch) &&
        (!file || run.path.endsWith(`/${file}`)),
    );
    const newestFirst = [...runs].reverse();
    return {
      total_count: runs.length,
      workflow_runs: newestFirst.map(run => runBody(repo, run)),
    };
  };
  app.get(
    `${BASE}/actions/runs`,
    github.answer(req => list(github.repo(req), req.query)),
  );
  app.get(
    `${BASE}/actions/workflows/:file/runs`,
    github.answer(req => list(github.repo(req), req.query, req.params.file)),
  );
  app.get(
    `${BASE}/actions/runs/:id`,
    github.answer(req => {
      const repo = github.repo(req);
      const run = repo.runs.find(one => one.id === Number(req.params.id));
      if (!run) throw new Refused(404, 'Not Found');
      return runBody(repo, run);
    }),
  );
}
