import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { InputError } from '@backstage/errors';
import { FORK_APPROVALS } from '../github/actionsPolicy';
import {
  allPatterns,
  ensureActionsPolicy,
} from '../github/ensureActionsPolicy';
import { addressOf } from '../github/person';
import { openOwnRepository } from '../github/repositories';
import { ensureVariables, wrongNames } from '../github/variables';
import {
  openFor,
  repositoryId,
  repositoryInputs,
  type ActionOptions,
} from './context';
import { examples } from './actionsPolicy.examples';

const PATTERN = /^[\w.*-]+\/[\w.*/-]+(?:@[\w.*/-]+)?$/;

/** Holds GitHub Actions of a repository: token, allowed actions, pinning, forks, retention; writes its variables. */
export function createActionsPolicyAction(options: ActionOptions) {
  return createTemplateAction({
    id: 'delivery:github:actions-policy',
    description:
      'Holds GitHub Actions of a repository: read-only token, allowed actions pinned to commits, approval for forks, retention, variables. Stricter settings stay.',
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        ...repositoryInputs,
        repositoryId,
        allowedPatterns: z =>
          z
            .array(z.string())
            .optional()
            .describe(
              'Actions and reusable workflows that are allowed in addition to what the templates use: `acme/platform-workflows@*`.',
            ),
        retentionDays: z =>
          z
            .number()
            .int()
            .min(1)
            .max(400)
            .optional()
            .describe('Days that logs and artifacts are kept. Default: 90.'),
        forkApproval: z =>
          z
            .enum(FORK_APPROVALS)
            .optional()
            .describe(
              'Whose pull requests from forks need an approval in a public repository. Default: all_external_contributors.',
            ),
        variables: z =>
          z
            .record(z.string())
            .optional()
            .describe('Variables of the repository, by name; no secrets.'),
      },
      output: {
        enabled: z => z.boolean(),
        allowedActions: z => z.string(),
        shaPinningRequired: z =>
          z.boolean().optional().describe('Missing on older servers.'),
        patternsAllowed: z => z.array(z.string()),
        defaultWorkflowPermissions: z => z.enum(['read', 'write']),
        canApprovePullRequests: z => z.boolean(),
        forkApproval: z => z.string().optional(),
        retentionDays: z => z.number().optional(),
        variablesWritten: z => z.array(z.string()),
        warnings: z =>
          z.array(z.string()).describe('What this plan or server cannot do.'),
      },
    },
    async handler(ctx) {
      const { input, logger } = ctx;
      const variables = input.variables ?? {};
      const given = input.allowedPatterns ?? [];
      const wrong = [
        ...wrongNames(variables),
        ...given.filter(pattern => !PATTERN.test(pattern)),
      ];
      if (wrong.length > 0) {
        throw new InputError(
          `GitHub takes neither variables nor patterns like ${wrong.join(
            ', ',
          )}.`,
        );
      }
      if (ctx.isDryRun) {
        const { slug } = addressOf(input.repoUrl, options.integrations);
        logger.info(
          `Would hold GitHub Actions of ${slug}; variables ${
            Object.keys(variables).join(', ') || 'none'
          }.`,
        );
        ctx.output('enabled', true);
        ctx.output('allowedActions', 'selected');
        ctx.output('shaPinningRequired', true);
        ctx.output('patternsAllowed', allPatterns(given));
        ctx.output('defaultWorkflowPermissions', 'read');
        ctx.output('canApprovePullRequests', false);
        ctx.output('warnings', []);
        return;
      }
      const access = await openFor(options, ctx, input);
      const repository = await openOwnRepository(access, input.repositoryId);
      const at = { client: access.client, repository };
      const { policy, warnings } = await ensureActionsPolicy(at, {
        patterns: given,
        retentionDays: input.retentionDays ?? 90,
        forkApproval: input.forkApproval ?? 'all_external_contributors',
      });
      const written = await ensureVariables(at, variables);
      for (const warning of warnings) logger.warn(warning);
      logger.info(
        `GitHub Actions of ${repository.slug}: token ${policy.token}, ${policy.allowedActions} actions, ${written.length} variables written.`,
      );
      ctx.output('enabled', policy.enabled);
      ctx.output('allowedActions', policy.allowedActions);
      if (policy.shaPinning !== undefined) {
        ctx.output('shaPinningRequired', policy.shaPinning);
      }
      ctx.output('patternsAllowed', policy.patterns);
      ctx.output('defaultWorkflowPermissions', policy.token);
      ctx.output('canApprovePullRequests', policy.canApprove);
      if (policy.forks) ctx.output('forkApproval', policy.forks);
      if (policy.retentionDays !== undefined) {
        ctx.output('retentionDays', policy.retentionDays);
      }
      ctx.output('variablesWritten', written);
      ctx.output('warnings', warnings);
    },
  });
}
