import express, { NextFunction, Request, Response, Router } from 'express';
import { GitHubError } from '../state';
import { GitHubContext } from '../github/gitHubContext';
import { demoPeople } from '../github/oauth';
import { pingBody } from '../github/webhooks/webhookBodies';
import { FAULT_KINDS, FaultKind } from '../github/faults';
import {
  approveRuns,
  cancelRuns,
  failNext,
  openPull,
  pushChange,
} from './actions';
import {
  alarm,
  badImage,
  breakTargets,
  circuitBreaker,
  drift,
  killTasks,
} from './awsActions';
import { awsFault } from './awsFaults';
import { addActRoutes } from './actRoutes';
import { AwsControl, Body, text } from './awsTarget';
import { breakSmoke } from './breakSmoke';
import { withCreated } from './createdPlaces';
import { ControlParts, resolveTarget } from './target';
import { status } from './status';

function faultKind(value: unknown): FaultKind {
  const kind = FAULT_KINDS.find(known => known === value);
  if (!kind) {
    throw new GitHubError(
      400,
      `Unknown fault "${String(value)}". Known: ${FAULT_KINDS.join(', ')}.`,
    );
  }
  return kind;
}

function number(value: unknown, name: string): number | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const parsed = Number(value);
  if (!Number.isFinite(parsed) || parsed < 0) {
    throw new GitHubError(400, `${name} is no number: ${String(value)}`);
  }
  return parsed;
}

/** Answers with what `handler` gives, or with the sentence of its error. */
function route(handler: (body: Body, req: Request) => unknown) {
  return (req: Request, res: Response) => {
    Promise.resolve()
      .then(() => handler(req.body ?? {}, req))
      .then(
        result => res.json(result ?? {}),
        error => {
          const known =
            error instanceof Error && 'status' in error
              ? Number(error.status)
              : 500;
          res.status(known).json({
            error: error instanceof Error ? error.message : String(error),
          });
        },
      );
  };
}

/** The verbs about AWS; they answer 404 when there is none. */
function addAwsRoutes(
  ctx: GitHubContext,
  parts: ControlParts,
  router: Router,
): void {
  const ecs = (): AwsControl => {
    const { aws } = ctx;
    if (!aws) throw new GitHubError(404, 'This sandbox runs without AWS.');
    const { cloud } = aws;
    return {
      cloud,
      placesOf: withCreated(cloud, parts.placesOf ?? (() => [])),
    };
  };
  const verbs = {
    drift,
    alarm,
    'kill-tasks': killTasks,
    'bad-image': badImage,
    'circuit-breaker': circuitBreaker,
    'break-targets': breakTargets,
    'aws-fault': (aws: AwsControl, body: Body) =>
      awsFault(aws.cloud, body, ctx.store.clock.now()),
  };
  for (const [name, act] of Object.entries(verbs)) {
    router.post(
      `/${name}`,
      route(body => {
        const result = act(ecs(), body);
        ctx.store.changed();
        return result;
      }),
    );
  }
  router.post(
    '/aws-calls',
    route(body => {
      ecs();
      const counters = ctx.aws?.counters;
      if (body.reset === true) counters?.reset();
      return { total: counters?.total() ?? 0, calls: counters?.snapshot() };
    }),
  );
}

/**
 * What tests and `yarn sandbox` use to make things happen. JSON in and out, below `/_sandbox`; not part of GitHub.
 */
export function controlRouter(
  ctx: GitHubContext,
  parts: ControlParts,
  reset: () => Promise<void>,
): Router {
  const router = Router();
  router.use(express.json());

  const target = (body: Body) => resolveTarget(ctx, parts, body.target);

  router.get(
    '/status',
    route(() => status(ctx)),
  );
  router.get(
    '/users',
    route(() =>
      demoPeople(ctx).map(person => ({
        login: person.login,
        name: person.name,
        token: `ghp_sandbox_${person.login}`,
      })),
    ),
  );
  router.post(
    '/push',
    route(body => pushChange(ctx, target(body), body)),
  );
  router.post(
    '/pull-request',
    route(body => openPull(ctx, target(body), body)),
  );
  router.post(
    '/fail',
    route(body => failNext(ctx, target(body), body)),
  );
  router.post(
    '/approve',
    route(body => approveRuns(ctx, target(body), body)),
  );
  router.post(
    '/cancel',
    route(body => cancelRuns(ctx, target(body), body)),
  );
  router.post(
    '/break-smoke',
    route(body => breakSmoke(ctx, parts, body)),
  );
  addAwsRoutes(ctx, parts, router);
  addActRoutes(ctx, parts, router, route);

  router.get(
    '/faults',
    route(() => ctx.faults.list()),
  );
  router.post(
    '/fault',
    route(body => {
      if (body.kind === 'clear') ctx.faults.clear();
      else {
        ctx.faults.set({
          kind: faultKind(body.kind),
          count: number(body.count, 'count'),
          seconds: number(body.seconds, 'seconds'),
          rate: number(body.rate, 'rate'),
          ms: number(body.ms, 'ms'),
          status: number(body.status, 'status'),
          route: text(body, 'route'),
        });
      }
      return ctx.faults.list();
    }),
  );

  router.get(
    '/calls',
    route(() => ({ total: ctx.counters.total(), calls: ctx.counters.list() })),
  );
  router.delete(
    '/calls',
    route(() => ctx.counters.clear()),
  );
  router.post(
    '/ping',
    route(() => ctx.webhooks.send(pingBody(ctx))),
  );
  router.post(
    '/reset',
    route(() => reset()),
  );

  router.use((_req: Request, res: Response) => {
    res.status(404).json({ error: 'No such control address.' });
  });
  router.use(
    (_error: unknown, _req: Request, res: Response, _next: NextFunction) => {
      res.status(400).json({ error: 'The body is no JSON.' });
    },
  );
  return router;
}
