import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { InputError } from '@backstage/errors';
import type { Run } from '../github/bodies';
import { addressOf } from '../github/person';
import { waitForRun } from '../github/runs';
import { openFor, repositoryInputs, type ActionOptions } from './context';
import { examples } from './waitForRun.examples';

const DEFAULT_TIMEOUT_S = 15 * 60;

function statusLine(run: Run): string {
  const state = [run.status, run.conclusion].filter(Boolean).join(', ');
  const hint =
    run.status === 'waiting'
      ? ' Somebody has to approve it at GitHub before it goes on.'
      : '';
  return `Run ${run.id}: ${state || 'unknown'}.${hint} ${run.html_url}`;
}

function minutes(seconds: number): string {
  return seconds < 120
    ? `${seconds} seconds`
    : `${Math.round(seconds / 60)} minutes`;
}

/** Waits until a workflow run exists, or until it has succeeded. */
export function createWaitForRunAction(options: ActionOptions) {
  return createTemplateAction({
    id: 'delivery:github:run:wait',
    description:
      'Waits until a workflow run of GitHub Actions was created or has succeeded.',
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        ...repositoryInputs,
        runId: z => z.number().optional().describe('Id of the run.'),
        headSha: z =>
          z
            .string()
            .optional()
            .describe('Commit whose run is meant, when there is no id.'),
        branch: z =>
          z
            .string()
            .optional()
            .describe('Branch; without `headSha` its newest commit is meant.'),
        workflow: z =>
          z.string().optional().describe('File name of the workflow.'),
        until: z =>
          z
            .enum(['created', 'completed'])
            .describe(
              '`completed` fails unless the run concludes with success.',
            ),
        timeoutSeconds: z =>
          z
            .number()
            .positive()
            .max(6 * 60 * 60)
            .optional()
            .describe('Default: 900.'),
      },
      output: {
        runId: z => z.number(),
        htmlUrl: z => z.string(),
        status: z => z.string(),
        conclusion: z => z.string().optional(),
      },
    },
    async handler(ctx) {
      const { input, logger, signal } = ctx;
      const { runId, headSha, branch, workflow, until } = input;
      const { slug, host } = addressOf(input.repoUrl, options.integrations);
      if (runId === undefined && !headSha && !branch) {
        throw new InputError(
          'Which run is meant? Give `runId`, `headSha` or `branch`.',
        );
      }
      if (ctx.isDryRun) {
        logger.info(`Would wait until a run of ${slug} is ${until}.`);
        ctx.output('runId', runId ?? 1);
        ctx.output('htmlUrl', `https://${host}/${slug}/actions`);
        ctx.output('status', until === 'completed' ? 'completed' : 'queued');
        if (until === 'completed') ctx.output('conclusion', 'success');
        return;
      }
      const { client, address } = await openFor(options, ctx, input);
      const timeout = input.timeoutSeconds ?? DEFAULT_TIMEOUT_S;
      const { owner, repo } = address;
      const { run, isReached } = await waitForRun({
        wanted: { owner, repo, runId, headSha, branch, workflow },
        timeoutMs: timeout * 1_000,
        now: options.now,
        sleep: options.sleep,
        onStatus: seen => logger.info(statusLine(seen)),
        ...{ client, until, signal },
      });
      if (!run) {
        throw new Error(
          `No workflow run of ${slug} appeared within ${minutes(
            timeout,
          )}. Look whether GitHub Actions is enabled there, then start the task again.`,
        );
      }
      ctx.output('runId', run.id);
      ctx.output('htmlUrl', run.html_url);
      ctx.output('status', run.status ?? 'unknown');
      if (run.conclusion) ctx.output('conclusion', run.conclusion);
      if (!isReached) {
        throw new Error(
          `The run ${run.html_url} is still “${run.status}” after ${minutes(
            timeout,
          )}. When it has finished, start the task again: it goes on where this one ended.`,
        );
      }
      if (until === 'completed' && run.conclusion !== 'success') {
        throw new Error(
          `The run ${run.html_url} ended with “${
            run.conclusion ?? 'nothing'
          }” instead of success. Read its log, mend what it says, then start the task again.`,
        );
      }
    },
  });
}
