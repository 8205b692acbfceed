import { randomUUID } from 'crypto';
import express, { Express, NextFunction, Request, Response } from 'express';
import { ApiRoutes } from './api/apiRoutes';
import { GitHubContext } from './gitHubContext';
import { gitRouter } from './gitHttp';
import { oauthRouter } from './oauth';
import { pagesRouter } from './pages';
import { addActionsSettingsRoutes } from './routes/actionsSettingsRoutes';
import { addAppRoutes } from './routes/appRoutes';
import { addBranchPolicyRoutes } from './routes/branchPolicyRoutes';
import { addCommitRoutes } from './routes/commitRoutes';
import { addContentRoutes } from './routes/contentRoutes';
import { addDeploymentRoutes } from './routes/deploymentRoutes';
import { addEnvironmentRoutes } from './routes/environmentRoutes';
import { addGateRoutes } from './routes/gateRoutes';
import { addIssueRoutes } from './routes/issueRoutes';
import { addJobRoutes, LogLinks } from './routes/jobRoutes';
import { addMembershipRoutes } from './routes/membershipRoutes';
import { addPullRoutes } from './routes/pullRoutes';
import { addRefRoutes } from './routes/refRoutes';
import { addRepoAccessRoutes } from './routes/repoAccessRoutes';
import { addRepoAdminRoutes } from './routes/repoAdminRoutes';
import { addRepoRoutes } from './routes/repoRoutes';
import { addRulesetRoutes } from './routes/rulesetRoutes';
import { addRunRoutes } from './routes/runRoutes';
import { addSecretRoutes } from './routes/secretRoutes';
import { addSubjectRoutes } from './routes/subjectRoutes';
import { addUserRoutes } from './routes/userRoutes';
import { addVariableRoutes } from './routes/variableRoutes';
import { addWorkflowRoutes } from './routes/workflowRoutes';

/** `/repositories/42/…` is the same as `/repos/acme/app/…`; GitHub writes its links so. */
function repositoryById(ctx: GitHubContext) {
  return (req: Request, _res: Response, next: NextFunction) => {
    const match = /^\/repositories\/(\d+)(?=[/?]|$)/.exec(req.url);
    const repo = match && ctx.store.repos.get(Number(match[1]));
    if (match && repo) {
      req.url = `/repos/${repo.owner}/${repo.name}${req.url.slice(
        match[0].length,
      )}`;
    }
    next();
  };
}

/** The routes of the REST API. */
export function createApi(ctx: GitHubContext, links: LogLinks): ApiRoutes {
  const api = new ApiRoutes(ctx);
  addUserRoutes(api);
  addMembershipRoutes(api);
  addAppRoutes(api);
  addRunRoutes(api);
  addJobRoutes(api, links);
  addWorkflowRoutes(api);
  addActionsSettingsRoutes(api);
  addSubjectRoutes(api);
  // before the environments themselves, whose names may hold slashes
  addBranchPolicyRoutes(api);
  addVariableRoutes(api);
  addSecretRoutes(api);
  addEnvironmentRoutes(api);
  addGateRoutes(api);
  addDeploymentRoutes(api);
  addContentRoutes(api);
  addCommitRoutes(api);
  addRefRoutes(api);
  addRulesetRoutes(api);
  addPullRoutes(api);
  addIssueRoutes(api);
  addRepoAccessRoutes(api);
  addRepoAdminRoutes(api);
  addRepoRoutes(api);
  return api;
}

/** GitHub as one express application: REST, OAuth, git and pages. */
export function createGitHub(ctx: GitHubContext): {
  app: Express;
  api: ApiRoutes;
} {
  const app = express();
  app.disable('x-powered-by');
  // the tags are made by the API itself, bound to the token
  app.disable('etag');
  app.use((_req, res, next) => {
    res.setHeader('X-GitHub-Request-Id', randomUUID().toUpperCase());
    next();
  });
  const links = new LogLinks(ctx);
  const api = createApi(ctx, links);

  app.use('/api/v3', repositoryById(ctx), express.json({ limit: '5mb' }));
  app.use('/api/v3', api.router);
  app.use(
    '/api/v3',
    (error: unknown, _req: Request, res: Response, next: NextFunction) => {
      if (res.headersSent) {
        next(error);
        return;
      }
      res.status(400).json({
        message: 'Problems parsing JSON',
        documentation_url: 'https://docs.github.com/rest',
        status: '400',
      });
    },
  );
  app.use('/api/v3', (req, res) => {
    void api.unknown(req, res);
  });
  app.use('/_logs', links.router());
  app.use(oauthRouter(ctx));
  app.use(gitRouter(ctx));
  return { app, api };
}

/** Pages come last: they answer for every address that is left. */
export function addPages(ctx: GitHubContext, app: Express): void {
  app.use(pagesRouter(ctx));
}
