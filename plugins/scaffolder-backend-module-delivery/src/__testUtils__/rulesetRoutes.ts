import type { Express } from 'express';
import { z } from 'zod';
import { Refused, type FakeGithub } from './FakeGithub';
import type { FakeRuleset } from './FakeRepository';

const BASE = '/repos/:owner/:repo/rulesets';

const pullRequest = z.strictObject({
  allowed_merge_methods: z.array(z.string()).optional(),
  dismiss_stale_reviews_on_push: z.boolean(),
  require_code_owner_review: z.boolean(),
  require_last_push_approval: z.boolean(),
  required_approving_review_count: z.int().min(0).max(10),
  required_review_thread_resolution: z.boolean(),
});
const statusChecks = z.strictObject({
  do_not_enforce_on_create: z.boolean().optional(),
  required_status_checks: z
    .array(
      z.strictObject({
        context: z.string(),
        integration_id: z.int().optional(),
      }),
    )
    .min(1),
  strict_required_status_checks_policy: z.boolean(),
});
const plain = z.enum([
  'deletion',
  'non_fast_forward',
  'required_linear_history',
  'required_signatures',
]);
const rule = z.union([
  z.strictObject({ type: plain }),
  z.strictObject({ type: z.literal('pull_request'), parameters: pullRequest }),
  z.strictObject({
    type: z.literal('required_status_checks'),
    parameters: statusChecks,
  }),
]);
const bodySchema = z.strictObject({
  name: z.string().min(1),
  target: z.enum(['branch', 'tag', 'push']).default('branch'),
  enforcement: z.enum(['active', 'disabled', 'evaluate']),
  bypass_actors: z.array(z.unknown()).default([]),
  conditions: z.strictObject({
    ref_name: z.strictObject({
      include: z.array(z.string()),
      exclude: z.array(z.string()),
    }),
  }),
  rules: z.array(rule).default([]),
});

/** Rulesets of branches. */
export function addRulesetRoutes(app: Express, github: FakeGithub): void {
  const parse = (body: unknown): Omit<FakeRuleset, 'id'> => {
    const parsed = bodySchema.safeParse(body);
    if (!parsed.success) throw new Refused(422, 'Validation Failed');
    return parsed.data;
  };

  app.get(
    BASE,
    github.answer(req =>
      github.repo(req).rulesets.map(({ id, name, target, enforcement }) => ({
        ...{ id, name, target, enforcement },
        source_type: 'Repository',
      })),
    ),
  );
  app.get(
    `${BASE}/:id`,
    github.answer(req => {
      const found = github
        .repo(req)
        .rulesets.find(({ id }) => id === Number(req.params.id));
      if (!found) throw new Refused(404, 'Not Found');
      return found;
    }),
  );
  app.post(
    BASE,
    github.answer((req, res) => {
      const repo = github.ownRepo(req);
      const given = parse(req.body);
      if (repo.rulesets.some(({ name }) => name === given.name)) {
        throw new Refused(422, 'Name must be unique');
      }
      const made = { id: repo.nextId(), ...given };
      repo.rulesets.push(made);
      res.status(201).json(made);
    }),
  );
  app.put(
    `${BASE}/:id`,
    github.answer(req => {
      const repo = github.ownRepo(req);
      const found = repo.rulesets.find(
        ({ id }) => id === Number(req.params.id),
      );
      if (!found) throw new Refused(404, 'Not Found');
      return Object.assign(found, parse(req.body));
    }),
  );
}
