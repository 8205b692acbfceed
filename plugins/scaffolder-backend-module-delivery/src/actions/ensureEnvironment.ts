import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { InputError } from '@backstage/errors';
import { branchNames, findEnvironment } from '../github/environments';
import { addressOf } from '../github/person';
import { protectEnvironment } from '../github/protectEnvironment';
import {
  refusalOf,
  remarksOn,
  strictestOf,
  type WantedProtection,
} from '../github/protection';
import { openOwnRepository } from '../github/repositories';
import { ensureVariables, wrongNames } from '../github/variables';
import { nameOf, resolveReviewers, type Reviewer } from '../people/reviewers';
import {
  catalogFor,
  openFor,
  repositoryId,
  repositoryInputs,
  type ActionOptions,
} from './context';
import { examples } from './ensureEnvironment.examples';

function shown(reviewers: readonly Reviewer[]) {
  return reviewers.map(reviewer =>
    reviewer.type === 'User'
      ? { type: reviewer.type, login: reviewer.login }
      : { type: reviewer.type, slug: reviewer.slug },
  );
}

/** Makes an environment with its reviewers, branches and variables, or strengthens one that is there; reads it back. */
export function createEnsureEnvironmentAction(options: ActionOptions) {
  return createTemplateAction({
    id: 'delivery:github:environment:ensure',
    description:
      'Creates or strengthens a GitHub environment: reviewers, no self-review, branches, variables. Reads it back and fails when it is not protected.',
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        ...repositoryInputs,
        repositoryId,
        name: z => z.string().describe('Name of the environment.'),
        requireReviewers: z =>
          z
            .boolean()
            .describe('Fail unless somebody has to approve deployments.'),
        reviewers: z =>
          z
            .array(z.string())
            .describe(
              'Entity refs of users (`github.com/user-login`) and groups (`github.com/team-slug`).',
            ),
        preventSelfReview: z =>
          z
            .boolean()
            .optional()
            .describe('Nobody approves what they started. Default: true.'),
        adminsBypass: z =>
          z
            .boolean()
            .optional()
            .describe('Administrators may pass by the rules. Default: false.'),
        branches: z =>
          z
            .array(z.string())
            .optional()
            .describe('Branches that may deploy. Default: main.'),
        waitMinutes: z =>
          z
            .number()
            .int()
            .min(0)
            .max(43_200)
            .optional()
            .describe('Minutes to wait before a deployment. Default: 0.'),
        variables: z =>
          z
            .record(z.string())
            .optional()
            .describe('Variables of the environment, by name; no secrets.'),
      },
      output: {
        environmentId: z => z.number().describe('Numeric id.'),
        name: z => z.string(),
        reviewers: z =>
          z
            .array(
              z.object({
                type: z.enum(['User', 'Team']),
                login: z.string().optional(),
                slug: z.string().optional(),
              }),
            )
            .describe('Who may approve, as GitHub gave it back.'),
        preventSelfReview: z => z.boolean(),
        branches: z => z.array(z.string()),
        waitMinutes: z => z.number(),
        variablesWritten: z =>
          z.array(z.string()).describe('Names that were missing or different.'),
        remarks: z =>
          z
            .array(z.string())
            .describe('Stricter or other settings that stayed.'),
      },
    },
    async handler(ctx) {
      const { input, logger } = ctx;
      const variables = input.variables ?? {};
      const wrong = wrongNames(variables);
      if (wrong.length > 0) {
        throw new InputError(
          `GitHub takes no variables of the names ${wrong.join(', ')}.`,
        );
      }
      const branches = input.branches?.length ? input.branches : ['main'];
      if (ctx.isDryRun && !input.token) {
        const { slug } = addressOf(input.repoUrl, options.integrations);
        logger.info(`Would set up the environment ${input.name} of ${slug}.`);
        ctx.output('environmentId', 0);
        ctx.output('name', input.name);
        ctx.output('branches', branches);
        return;
      }
      const access = await openFor(options, ctx, input);
      const view = await catalogFor(options, ctx);
      const { reviewers, problems } = await resolveReviewers(
        access,
        view,
        input.reviewers,
      );
      if (problems.length > 0) {
        throw new InputError(
          `The environment ${input.name} was not touched: ${problems.join(
            ' ',
          )}`,
        );
      }
      const wanted: WantedProtection = {
        requireReviewers: input.requireReviewers,
        reviewers,
        preventSelfReview: input.preventSelfReview ?? true,
        adminsBypass: input.adminsBypass ?? false,
        branches,
        waitMinutes: input.waitMinutes ?? 0,
      };
      if (ctx.isDryRun) {
        logger.info(
          `Would set up the environment ${input.name} of ${
            access.address.slug
          }: reviewers ${
            reviewers.map(nameOf).join(', ') || 'none'
          }, branches ${branches.join(', ')}, variables ${
            Object.keys(variables).join(', ') || 'none'
          }.`,
        );
        ctx.output('environmentId', 0);
        ctx.output('name', input.name);
        ctx.output('reviewers', shown(reviewers));
        ctx.output('branches', branches);
        return;
      }

      const repository = await openOwnRepository(access, input.repositoryId);
      const at = { client: access.client, repository, name: input.name };
      const existing = await findEnvironment(at);
      const refusal = await refusalOf(
        access,
        strictestOf(existing, wanted),
        wanted.requireReviewers,
      );
      if (refusal) {
        throw new InputError(
          `The environment ${input.name} of ${repository.slug} was not touched: ${refusal}.`,
        );
      }
      const found = await protectEnvironment(at, existing, wanted);
      const written = await ensureVariables(
        { client: access.client, repository, environment: input.name },
        variables,
      );
      const remarks = remarksOn(found.branches, branches);
      for (const remark of remarks) logger.warn(`${input.name}: ${remark}`);
      logger.info(
        `Environment ${input.name}: reviewers ${
          found.reviewers.map(nameOf).join(', ') || 'none'
        }, branches ${branchNames(found.branches).join(', ')}.`,
      );
      ctx.output('environmentId', found.id);
      ctx.output('name', found.name);
      ctx.output('reviewers', shown(found.reviewers));
      ctx.output('preventSelfReview', found.preventSelfReview);
      ctx.output('branches', branchNames(found.branches));
      ctx.output('waitMinutes', found.waitMinutes);
      ctx.output('variablesWritten', written);
      ctx.output('remarks', remarks);
    },
  });
}
