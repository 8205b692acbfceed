import type { Express, Request } from 'express';
import { z } from 'zod';
import { Refused, type FakeGithub } from './FakeGithub';
import type { FakeEnvironment, FakeRepository } from './FakeRepository';

const ENVIRONMENT = '/repos/:owner/:repo/environments/:name';
const POLICIES = `${ENVIRONMENT}/deployment-branch-policies`;

/** What GitHub takes; what is left out gets its default again. */
const bodySchema = z.object({
  wait_timer: z.number().int().min(0).max(43_200).default(0),
  prevent_self_review: z.boolean().default(false),
  can_admins_bypass: z.boolean().default(true),
  reviewers: z
    .array(z.strictObject({ type: z.enum(['User', 'Team']), id: z.int() }))
    .max(6)
    .nullish(),
  deployment_branch_policy: z
    .strictObject({
      protected_branches: z.boolean(),
      custom_branch_policies: z.boolean(),
    })
    .refine(one => one.protected_branches !== one.custom_branch_policies)
    .nullish(),
});

function environmentOf(repo: FakeRepository, req: Request): FakeEnvironment {
  const found = repo.environments.get(req.params.name);
  if (!found) throw new Refused(404, 'Not Found');
  return found;
}

/** Environments, their branch policies and variables; variables of the repository. */
export function addEnvironmentRoutes(app: Express, github: FakeGithub): void {
  const reviewer = ({ type, id }: FakeEnvironment['reviewers'][number]) => {
    const account = [...github.accounts.values()].find(one => one.id === id);
    const team = [...github.teams.values()].find(one => one.id === id);
    return type === 'User'
      ? { type, reviewer: { id, login: account?.login } }
      : { type, reviewer: { id, slug: team?.slug } };
  };
  const body = (found: FakeEnvironment) => ({
    id: found.id,
    name: found.name,
    can_admins_bypass: found.can_admins_bypass,
    protection_rules: [
      ...(found.wait_timer
        ? [{ id: 1, type: 'wait_timer', wait_timer: found.wait_timer }]
        : []),
      ...(found.reviewers.length
        ? [
            {
              id: 2,
              type: 'required_reviewers',
              prevent_self_review: found.prevent_self_review,
              reviewers: found.reviewers.map(reviewer),
            },
          ]
        : []),
      ...(found.policy ? [{ id: 3, type: 'branch_policy' }] : []),
    ],
    deployment_branch_policy: found.policy,
  });

  app.get(
    ENVIRONMENT,
    github.answer(req => body(environmentOf(github.repo(req), req))),
  );
  app.put(
    ENVIRONMENT,
    github.answer(req => {
      const repo = github.ownRepo(req);
      const parsed = bodySchema.safeParse(req.body);
      if (!parsed.success) throw new Refused(422, parsed.error.message);
      const given = parsed.data;
      const reviewers = given.reviewers ?? [];
      if (
        repo.isPrivate &&
        reviewers.length &&
        github.reviewers === 'refused'
      ) {
        throw new Refused(
          422,
          'Failed to create the environment protection rule. Please ensure the billing plan supports the required reviewers protection rule.',
        );
      }
      const isKept = !repo.isPrivate || github.reviewers === 'kept';
      const { name } = req.params;
      const found = repo.environments.get(name) ?? repo.environment(name);
      Object.assign(found, {
        wait_timer: given.wait_timer,
        prevent_self_review: given.prevent_self_review,
        can_admins_bypass: given.can_admins_bypass,
        reviewers: isKept ? reviewers : [],
        policy: given.deployment_branch_policy ?? null,
      });
      return body(found);
    }),
  );

  app.get(
    POLICIES,
    github.answer(req => {
      const found = environmentOf(github.repo(req), req);
      return {
        total_count: found.branches.length,
        branch_policies: found.branches,
      };
    }),
  );
  app.post(
    POLICIES,
    github.answer(req => {
      const repo = github.ownRepo(req);
      const found = environmentOf(repo, req);
      if (!found.policy?.custom_branch_policies) {
        throw new Refused(404, 'Custom branch policies are not enabled');
      }
      const { name, type = 'branch' } = req.body;
      if (found.branches.some(one => one.name === name)) {
        throw new Refused(303, 'Already exists');
      }
      const made = { id: repo.nextId(), name, type };
      found.branches.push(made);
      return made;
    }),
  );
  app.delete(
    `${POLICIES}/:id`,
    github.answer(req => {
      const found = environmentOf(github.ownRepo(req), req);
      const id = Number(req.params.id);
      found.branches = found.branches.filter(one => one.id !== id);
    }),
  );

  for (const [base, of] of [
    [
      `${ENVIRONMENT}/variables`,
      (req: Request) => environmentOf(github.ownRepo(req), req).variables,
    ],
    [
      '/repos/:owner/:repo/actions/variables',
      (req: Request) => github.ownRepo(req).variables,
    ],
  ] as const) {
    app.get(
      base,
      github.answer(req => {
        const size = Math.min(30, Number(req.query.per_page ?? 10));
        const from = (Number(req.query.page ?? 1) - 1) * size;
        const all = [...of(req)].map(([name, value]) => ({ name, value }));
        return {
          total_count: all.length,
          variables: all.slice(from, from + size),
        };
      }),
    );
    app.post(
      base,
      github.answer((req, res) => {
        const { name, value } = req.body;
        if (!/^[A-Z_][A-Z0-9_]*$/.test(name) || typeof value !== 'string') {
          throw new Refused(422, 'Invalid variable');
        }
        if (of(req).has(name)) throw new Refused(409, 'Already exists');
        of(req).set(name, value);
        res.status(201).json({});
      }),
    );
    app.patch(
      `${base}/:variable`,
      github.answer(req => {
        const { variable } = req.params;
        if (!of(req).has(variable)) throw new Refused(404, 'Not Found');
        of(req).set(variable, req.body.value);
      }),
    );
  }
}
