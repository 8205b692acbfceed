import { Request, Response, Router } from 'express';
import { RepoRecord } from '../state';
import { GitHubContext } from './gitHubContext';
import { escapeHtml, page } from './html';
import { lastAttempt } from './bodies/runBodies';
import { allJobs, latestJobs } from './routes/runFilters';

function link(href: string, text: string): string {
  return `<a href="${escapeHtml(href)}">${escapeHtml(text)}</a>`;
}

function list(items: string[]): string {
  return items.length === 0
    ? '<p>Nothing here.</p>'
    : `<ul>${items.map(item => `<li>${item}</li>`).join('')}</ul>`;
}

/** Small pages behind every `html_url`, so that links out of the portal lead somewhere. */
export function pagesRouter(ctx: GitHubContext): Router {
  const router = Router();
  const notFound = (res: Response) =>
    res.status(404).send(page('Not found', '<h1>Not found</h1>'));
  const path = (repo: RepoRecord, rest = '') =>
    `/${repo.owner}/${repo.name}${rest}`;

  /** Pages need no sign-in: the sandbox is reachable from this machine only and holds nothing secret. */
  const ofRepo =
    (
      show: (
        repo: RepoRecord,
        req: Request,
      ) => Promise<[string, string] | undefined>,
    ) =>
    (req: Request, res: Response) => {
      const repo = ctx.store.repo(req.params.owner, req.params.repo);
      if (!repo) {
        notFound(res);
        return;
      }
      show(repo, req).then(
        shown => {
          if (!shown) {
            notFound(res);
            return;
          }
          const [title, body] = shown;
          res.send(
            page(
              title,
              `<p>${link(
                path(repo),
                `${repo.owner}/${repo.name}`,
              )}</p><h1>${escapeHtml(title)}</h1>${body}`,
            ),
          );
        },
        error => {
          process.stderr.write(`sandbox: page: ${error}\n`);
          res.status(500).send(page('Error', '<h1>Something went wrong</h1>'));
        },
      );
    };

  router.get('/', (_req, res) => {
    const repos = [...ctx.store.repos.values()].map(repo =>
      link(path(repo), `${repo.owner}/${repo.name}`),
    );
    res.send(page('Repositories', `<h1>Repositories</h1>${list(repos)}`));
  });

  router.get('/avatars/:login.svg', (req, res) => {
    const letter = escapeHtml(req.params.login.slice(0, 1).toUpperCase());
    res
      .type('image/svg+xml')
      .send(
        `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><rect width="40" height="40" fill="#57606a"/><text x="20" y="27" font-family="sans-serif" font-size="20" text-anchor="middle" fill="#fff">${letter}</text></svg>`,
      );
  });

  const runPage = ofRepo(async (repo, req) => {
    const run = ctx.store.runs.get(Number(req.params.id));
    if (!run || run.repoId !== repo.id) return undefined;
    const last = lastAttempt(run);
    const jobs = latestJobs(run, allJobs(ctx, run)).map(
      job =>
        `${link(
          path(repo, `/actions/runs/${run.id}/job/${job.id}`),
          job.name,
        )}: ${job.conclusion ?? job.status}`,
    );
    return [
      `${run.displayTitle} · ${run.name} #${run.runNumber}`,
      `<p>Attempt ${last.attempt}: ${
        last.conclusion ?? last.status
      }. Started by ${escapeHtml(last.triggeringActor)} (${
        run.event
      }) on ${escapeHtml(run.headBranch)} at ${link(
        path(repo, `/commit/${run.headSha}`),
        run.headSha.slice(0, 7),
      )}.</p>${list(jobs)}`,
    ];
  });
  router.get('/:owner/:repo/actions/runs/:id', runPage);
  router.get('/:owner/:repo/actions/runs/:id/attempts/:attempt', runPage);

  router.get(
    '/:owner/:repo/actions/runs/:run/job/:id',
    ofRepo(async (repo, req) => {
      const job = ctx.store.jobsOfRun
        .get(Number(req.params.run))
        ?.find(candidate => String(candidate.id) === req.params.id);
      const run = job && ctx.store.runs.get(job.runId);
      if (!job || run?.repoId !== repo.id) return undefined;
      return [
        job.name,
        `<p>${escapeHtml(job.conclusion ?? job.status)}</p><pre>${escapeHtml(
          job.startedAt === null ? '' : ctx.engine.log(job),
        )}</pre>`,
      ];
    }),
  );

  router.get(
    '/:owner/:repo/actions',
    ofRepo(async repo => {
      const runs = [...ctx.store.runs.values()]
        .filter(run => run.repoId === repo.id)
        .sort((a, b) => b.createdAt - a.createdAt)
        .slice(0, 50)
        .map(run => {
          const last = lastAttempt(run);
          return `${link(
            path(repo, `/actions/runs/${run.id}`),
            `${run.name} #${run.runNumber}`,
          )}: ${last.conclusion ?? last.status}`;
        });
      return ['Runs', list(runs)];
    }),
  );

  router.get(
    '/:owner/:repo/deployments(/*)?',
    ofRepo(async repo => [
      'Deployments',
      list(
        [...ctx.store.deployments.values()]
          .filter(record => record.repoId === repo.id)
          .slice(-50)
          .reverse()
          .map(record => {
            const last = record.statuses[record.statuses.length - 1];
            return escapeHtml(
              `${record.environment}: ${
                last?.state ?? 'pending'
              }, ${record.sha.slice(0, 7)}`,
            );
          }),
      ),
    ]),
  );

  router.get(
    '/:owner/:repo/commit/:sha',
    ofRepo(async (repo, req) => {
      const info = await ctx.git.commitInfo(repo, req.params.sha);
      if (!info) return undefined;
      const parent = info.parents[0] ?? '0'.repeat(40);
      const files = await ctx.git.changedFiles(repo, parent, info.sha);
      return [
        info.message.split('\n')[0],
        `<p>${escapeHtml(info.sha)} by ${escapeHtml(
          info.author.name,
        )}</p>${list(files.map(escapeHtml))}`,
      ];
    }),
  );

  router.get(
    '/:owner/:repo/pull/:number',
    ofRepo(async (repo, req) => {
      const pull = [...ctx.store.pulls.values()].find(
        p => p.repoId === repo.id && String(p.number) === req.params.number,
      );
      if (!pull) return undefined;
      return [
        `${pull.title} #${pull.number}`,
        `<p>${pull.mergedAt === null ? pull.state : 'merged'}, by ${escapeHtml(
          pull.author,
        )}: ${escapeHtml(pull.headBranch)} into ${escapeHtml(
          pull.baseBranch,
        )}.</p>`,
      ];
    }),
  );

  router.get(
    '/:owner/:repo/issues/:number',
    ofRepo(async (repo, req) => {
      const issue = [...ctx.store.issues.values()].find(
        i => i.repoId === repo.id && String(i.number) === req.params.number,
      );
      if (!issue) return undefined;
      const text = `${issue.state}, ${issue.labels.join(', ')}. ${issue.body}`;
      return [`${issue.title} #${issue.number}`, `<p>${escapeHtml(text)}</p>`];
    }),
  );

  router.get(
    '/:owner/:repo/:kind(tree|blob|edit|raw)/:ref/*',
    (req, res, next) => {
      if (req.params.kind !== 'raw') {
        next();
        return;
      }
      const repo = ctx.store.repo(req.params.owner, req.params.repo);
      if (!repo) {
        notFound(res);
        return;
      }
      void ctx.git
        .readFile(repo, req.params.ref, req.params[0])
        .then(content =>
          content ? res.type('text/plain').send(content) : notFound(res),
        );
    },
    ofRepo(async (repo, req) => {
      const file = req.params[0];
      const content = await ctx.git.readFile(repo, req.params.ref, file);
      if (content) {
        return [file, `<pre>${escapeHtml(content.toString('utf8'))}</pre>`];
      }
      const inside = await ctx.git.listFiles(repo, req.params.ref, file);
      if (inside.length === 0) return undefined;
      return [
        file || repo.name,
        list(
          inside.map(entry =>
            link(
              path(repo, `/blob/${req.params.ref}/${entry.path}`),
              entry.path,
            ),
          ),
        ),
      ];
    }),
  );

  const repoPage = ofRepo(async (repo, req) => {
    const ref = req.params.ref ?? repo.defaultBranch;
    const files = await ctx.git.listFiles(repo, ref);
    return [
      repo.name,
      `<p>${escapeHtml(repo.description)}</p><p>${link(
        path(repo, '/actions'),
        'Runs',
      )}</p>${list(
        files.map(entry =>
          link(path(repo, `/blob/${ref}/${entry.path}`), entry.path),
        ),
      )}`,
    ];
  });
  router.get('/:owner/:repo/tree/:ref', repoPage);
  router.get('/:owner/:repo', repoPage);

  router.get('/orgs/:login/sso', (req, res) => {
    const org = ctx.store.account(req.params.login);
    if (org?.type !== 'Organization') {
      notFound(res);
      return;
    }
    const text = `Single sign-on to ${escapeHtml(org.name)}`;
    res.send(page('Single sign-on', `<h1>${text}</h1>`));
  });

  router.get('/:login', (req, res) => {
    const account = ctx.store.account(req.params.login);
    if (!account) {
      notFound(res);
      return;
    }
    const repos = [...ctx.store.repos.values()]
      .filter(repo => repo.owner === account.login)
      .map(repo => link(path(repo), repo.name));
    res.send(
      page(
        account.login,
        `<h1>${escapeHtml(account.login)}</h1><p>${escapeHtml(
          account.name,
        )}</p>${list(repos)}`,
      ),
    );
  });

  return router;
}
