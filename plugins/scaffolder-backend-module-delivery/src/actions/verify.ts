import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import type { JsonValue } from '@backstage/types';
import { addressOf } from '../github/person';
import { openOwnRepository } from '../github/repositories';
import { checkEntity } from '../verify/checkEntity';
import { checkEnvironment } from '../verify/checkEnvironments';
import { checkRepository } from '../verify/checkRepository';
import { checkPinned, checkRun } from '../verify/checkWorkflows';
import { toMarkdown, unknown, type Checked, type Item } from '../verify/items';
import {
  catalogFor,
  openFor,
  repositoryId,
  repositoryInputs,
  type ActionOptions,
} from './context';
import { examples } from './verify.examples';

function withoutHard({ id, label, result, detail, fix }: Checked): Item {
  return { id, label, result, detail, ...(fix && { fix }) };
}

/** Reads everything fresh and prints the check list. */
export function createVerifyAction(options: ActionOptions) {
  return createTemplateAction({
    id: 'delivery:verify',
    description:
      'Reads a new service back: environments, Actions policy, branch rules, pinned workflows, OIDC subject, onboarding, catalog, first run. Fails when production or the default branch is not protected.',
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        ...repositoryInputs,
        repositoryId,
        environments: z =>
          z
            .array(
              z
                .object({
                  name: z.string(),
                  approval: z.boolean().optional(),
                  branches: z.array(z.string()).optional(),
                  variables: z.record(z.string()).optional(),
                })
                .catchall(z.custom<JsonValue>()),
            )
            .describe('Output `environments` of `delivery:plan`.'),
        rulesetName: z =>
          z.string().min(1).optional().describe('Default: delivery.'),
        entityRef: z => z.string().describe('The component.'),
        workflows: z =>
          z
            .object({ repository: z.string(), sha: z.string() })
            .describe('Repository and commit of the reusable workflows.'),
        onboardingRepository: z =>
          z
            .string()
            .optional()
            .describe(
              '`owner/name` where the onboarding ran. Default: that of the workflows.',
            ),
        onboardingRunId: z => z.number().optional(),
        firstRunId: z => z.number().optional(),
      },
      output: {
        ok: z => z.boolean().describe('True when nothing failed.'),
        items: z =>
          z.array(
            z.object({
              id: z.string(),
              label: z.string(),
              result: z.enum(['pass', 'fail', 'unknown']),
              detail: z.string(),
              fix: z.string().optional(),
            }),
          ),
        markdown: z => z.string().describe('The list with words, for people.'),
      },
    },
    async handler(ctx) {
      const { input, logger } = ctx;
      if (ctx.isDryRun) {
        const { slug } = addressOf(input.repoUrl, options.integrations);
        logger.info(`Would read back what was made of ${slug}.`);
        const items: Item[] = input.environments.map(({ name }) => ({
          id: `environment:${name}`,
          label: `Environment ${name}`,
          ...unknown('nothing was made in a dry run'),
        }));
        ctx.output('ok', true);
        ctx.output('items', items);
        ctx.output('markdown', toMarkdown(items));
        return;
      }
      const access = await openFor(options, ctx, input);
      const { client } = access;
      const repository = await openOwnRepository(access, input.repositoryId);
      const { workflows, onboardingRepository = workflows.repository } = input;
      const [owner = '', repo = ''] = onboardingRepository.split('/');
      const lines: Checked[] = [
        ...(await checkRepository(
          client,
          repository,
          input.rulesetName ?? 'delivery',
        )),
      ];
      for (const environment of input.environments) {
        lines.push(
          ...(await checkEnvironment(client, repository, environment)),
        );
      }
      lines.push(
        await checkPinned(client, workflows),
        await checkRun(
          client,
          { owner, repo },
          {
            id: 'onboarding',
            label: 'Onboarding at AWS',
            runId: input.onboardingRunId,
            mustSucceed: true,
          },
        ),
        await checkEntity(await catalogFor(options, ctx), input.entityRef, {
          now: options.now,
          sleep: options.sleep,
          signal: ctx.signal,
        }),
        await checkRun(client, repository, {
          id: 'first-run',
          label: 'First run',
          runId: input.firstRunId,
          mustSucceed: false,
        }),
      );
      // A line that was broken off says "unknown"; a task that was cancelled says nothing.
      ctx.signal?.throwIfAborted();
      const items = lines.map(withoutHard);
      const markdown = toMarkdown(items);
      ctx.output('ok', !items.some(({ result }) => result === 'fail'));
      ctx.output('items', items);
      ctx.output('markdown', markdown);
      // A task that fails shows no outputs: the list is in its log in any case.
      logger.info(`Check list of ${repository.slug}:\n${markdown}`);
      refuseUnprotected(lines, repository.slug);
    },
  });
}

/** What may not be left as it is: also what could not be read. */
function refuseUnprotected(lines: readonly Checked[], slug: string): void {
  const open = lines.filter(({ hard, result }) => hard && result !== 'pass');
  if (open.length === 0) return;
  throw new Error(
    `${slug} is not protected as it must be. Nobody should deploy it before this is mended:\n${open
      .map(({ label, detail }) => `- ${label}: ${detail}`)
      .join('\n')}`,
  );
}
