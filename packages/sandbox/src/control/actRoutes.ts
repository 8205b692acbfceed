import { Request, RequestHandler, Router } from 'express';
import { sessionsOf } from '../aws/wire';
import { GitHubContext } from '../github/gitHubContext';
import { GitHubError } from '../state';
import { Body } from './awsTarget';
import { hotfix, revertChange } from './changeActions';
import { changeEnvironment, changePlan, changeTeam } from './gateActions';
import { incident } from './incidentActions';
import { mergeBranch } from './mergeActions';
import { refuseNextOnboarding } from './onboardingActions';
import { bypass, dispatch, rerun } from './runActions';
import { ControlParts, resolveTarget } from './target';
import {
  endTokens,
  otherToken,
  provisionerToken,
  userToken,
} from './tokenActions';

/** The verbs about gates, runs, incidents, tokens and sessions of AWS. */
export function addActRoutes(
  ctx: GitHubContext,
  parts: ControlParts,
  router: Router,
  route: (handler: (body: Body, req: Request) => unknown) => RequestHandler,
): void {
  const target = (body: Body) => resolveTarget(ctx, parts, body.target);
  const verbs: Record<string, (body: Body) => unknown> = {
    rerun: body => rerun(ctx, target(body), body),
    dispatch: body => dispatch(ctx, target(body), body),
    bypass: body => bypass(ctx, target(body), body),
    environment: body => changeEnvironment(ctx, target(body), body),
    team: body => changeTeam(ctx, body),
    plan: body => changePlan(ctx, body),
    'user-token': body => userToken(ctx, body),
    'other-token': body => otherToken(ctx, body),
    'provisioner-token': body => provisionerToken(ctx, body),
    'expire-token': body => endTokens(ctx, body, 'expire'),
    incident: body => incident(ctx, target(body), body),
    revert: body => revertChange(ctx, target(body), body),
    merge: body => mergeBranch(ctx, target(body), body),
    'refuse-onboarding': body => refuseNextOnboarding(ctx, body),
    hotfix: body => hotfix(ctx, target(body), body),
    revoke: body => endTokens(ctx, body, 'revoke'),
  };
  for (const [name, act] of Object.entries(verbs)) {
    router.post(`/${name}`, route(act));
  }
  router.get(
    '/aws-sessions',
    route((_body, req) => {
      if (!ctx.aws) {
        throw new GitHubError(404, 'This sandbox runs without AWS.');
      }
      const { role } = req.query;
      return sessionsOf(
        ctx.aws.cloud.records,
        typeof role === 'string' ? role : undefined,
      );
    }),
  );
}
