import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { addressOf } from '../github/person';
import { openOwnRepository } from '../github/repositories';
import { ensureRuleset } from '../github/rulesets';
import {
  openFor,
  repositoryId,
  repositoryInputs,
  type ActionOptions,
} from './context';
import { examples } from './ensureRuleset.examples';

/** Protects a branch by a ruleset: reviews, checks, no force push, nobody who bypasses it. */
export function createEnsureRulesetAction(options: ActionOptions) {
  return createTemplateAction({
    id: 'delivery:github:ruleset:ensure',
    description:
      'Protects a branch of a GitHub repository by a ruleset, or strengthens the one of that name; reads it back.',
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        ...repositoryInputs,
        repositoryId,
        name: z => z.string().min(1).optional().describe('Default: delivery.'),
        branch: z => z.string().min(1).optional().describe('Default: main.'),
        requiredChecks: z =>
          z
            .array(z.string().min(1))
            .describe('Names of the checks that must pass before a merge.'),
        reviews: z =>
          z
            .number()
            .int()
            .min(0)
            .max(10)
            .optional()
            .describe('Approving reviews before a merge. Default: 1.'),
        codeOwners: z =>
          z
            .boolean()
            .optional()
            .describe('Code owners have to review. Default: false.'),
        linearHistory: z =>
          z.boolean().optional().describe('No merge commits. Default: false.'),
      },
      output: {
        rulesetId: z => z.number(),
        rules: z => z.array(z.string()).describe('Types of its rules.'),
      },
    },
    async handler(ctx) {
      const { input, logger } = ctx;
      const { name = 'delivery', branch = 'main', requiredChecks } = input;
      if (ctx.isDryRun) {
        const { slug } = addressOf(input.repoUrl, options.integrations);
        logger.info(
          `Would protect ${branch} of ${slug}; required checks: ${
            requiredChecks.join(', ') || 'none'
          }.`,
        );
        ctx.output('rulesetId', 0);
        ctx.output('rules', []);
        return;
      }
      const access = await openFor(options, ctx, input);
      const repository = await openOwnRepository(access, input.repositoryId);
      const found = await ensureRuleset(
        { client: access.client, repository },
        {
          ...{ name, branch, requiredChecks },
          reviews: input.reviews ?? 1,
          codeOwners: input.codeOwners ?? false,
          linearHistory: input.linearHistory ?? false,
        },
      );
      if (requiredChecks.length === 0) {
        logger.warn(`No check has to pass before a merge into ${branch}.`);
      }
      logger.info(`${branch} of ${repository.slug} is protected.`);
      ctx.output('rulesetId', found.id);
      ctx.output(
        'rules',
        (found.rules ?? []).map(({ type }) => type),
      );
    },
  });
}
