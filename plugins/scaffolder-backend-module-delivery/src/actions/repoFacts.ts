import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { NotFoundError } from '@backstage/errors';
import { findCommit } from '../github/commits';
import { findOrganisation } from '../github/organisations';
import { addressOf, type PersonalAccess } from '../github/person';
import {
  findRepository,
  isEmpty,
  type Repository,
} from '../github/repositories';
import { subjectPrefix } from '../github/subject';
import { openFor, repositoryInputs, type ActionOptions } from './context';
import { examples } from './repoFacts.examples';

async function shaOf(
  { client }: PersonalAccess,
  repository: Repository,
  ref: string,
): Promise<string> {
  const sha = await findCommit(client, repository, ref);
  if (sha !== undefined) return sha;
  throw new NotFoundError(
    `${repository.slug} has no branch, tag or commit “${ref}”: check the configuration delivery.templates.workflows.`,
  );
}

async function reviewersAvailable(
  access: PersonalAccess,
  { isPrivate }: Repository,
): Promise<boolean | undefined> {
  if (!isPrivate) return true;
  return (await findOrganisation(access))?.privateReviewers;
}

/** Reads what later steps need of a repository: numeric ids, OIDC subject, whether it is empty, what is at a ref. */
export function createRepoFactsAction(options: ActionOptions) {
  return createTemplateAction({
    id: 'delivery:github:repo-facts',
    description:
      'Reads facts of a GitHub repository: numeric ids, the prefix of its OIDC subject, whether it is empty, the commit at a ref.',
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        ...repositoryInputs,
        ref: z =>
          z
            .string()
            .optional()
            .describe('Branch, tag or commit whose full SHA is wanted.'),
        defaultBranch: z =>
          z
            .string()
            .optional()
            .describe(
              'Branch of `contentsUrl` as long as nothing is pushed. Default: main.',
            ),
      },
      output: {
        repositoryId: z => z.number(),
        ownerId: z => z.number(),
        slug: z => z.string().describe('`owner/name`'),
        owner: z => z.string(),
        name: z => z.string(),
        host: z => z.string(),
        htmlUrl: z => z.string(),
        contentsUrl: z =>
          z.string().describe('`<html url>/blob/<default branch>`'),
        defaultBranch: z => z.string(),
        visibility: z => z.string(),
        empty: z => z.boolean().describe('True when nothing was pushed yet.'),
        admin: z => z.boolean().describe('Whether the person administers it.'),
        subjectPrefix: z =>
          z
            .string()
            .describe('How the `sub` of its OIDC tokens begins, without “:”.'),
        sha: z => z.string().optional().describe('Full SHA at `ref`.'),
        version: z => z.string().optional().describe('The `ref` itself.'),
        reviewersAvailable: z =>
          z
            .boolean()
            .optional()
            .describe(
              'Whether the plan gives it required reviewers; missing when GitHub does not say.',
            ),
      },
    },
    async handler(ctx) {
      const { repoUrl, token, ref, defaultBranch = 'main' } = ctx.input;
      const address = addressOf(repoUrl, options.integrations);
      const read =
        ctx.isDryRun && !token ? undefined : openFor(options, ctx, ctx.input);
      const access = await read;
      const found = access && (await findRepository(access));
      if (!found && !ctx.isDryRun) {
        throw new NotFoundError(
          `There is no repository ${address.slug} at ${address.host} that your account may see.`,
        );
      }
      if (!access || !found) {
        ctx.logger.info(`Would read the facts of ${address.slug}.`);
        const htmlUrl = `https://${address.host}/${address.slug}`;
        ctx.output('repositoryId', 1);
        ctx.output('ownerId', 1);
        ctx.output('slug', address.slug);
        ctx.output('owner', address.owner);
        ctx.output('name', address.repo);
        ctx.output('host', address.host);
        ctx.output('htmlUrl', htmlUrl);
        ctx.output('contentsUrl', `${htmlUrl}/blob/${defaultBranch}`);
        ctx.output('defaultBranch', defaultBranch);
        ctx.output('visibility', 'private');
        ctx.output('empty', true);
        ctx.output('admin', true);
        ctx.output(
          'subjectPrefix',
          `repo:${address.owner}@1/${address.repo}@1`,
        );
        if (ref) ctx.output('sha', '0'.repeat(40));
        if (ref) ctx.output('version', ref);
        return;
      }
      const empty = await isEmpty(access, found);
      const branch = empty ? defaultBranch : found.defaultBranch;
      ctx.output('repositoryId', found.id);
      ctx.output('ownerId', found.ownerId);
      ctx.output('slug', found.slug);
      ctx.output('owner', found.owner);
      ctx.output('name', found.repo);
      ctx.output('host', address.host);
      ctx.output('htmlUrl', found.htmlUrl);
      ctx.output('contentsUrl', `${found.htmlUrl}/blob/${branch}`);
      ctx.output('defaultBranch', branch);
      ctx.output('visibility', found.visibility);
      ctx.output('empty', empty);
      ctx.output('admin', found.admin);
      ctx.output('subjectPrefix', await subjectPrefix(access.client, found));
      if (ref) {
        ctx.output('sha', await shaOf(access, found, ref));
        ctx.output('version', ref);
      }
      const available = await reviewersAvailable(access, found);
      if (available !== undefined) ctx.output('reviewersAvailable', available);
      ctx.logger.info(
        `${found.slug}: id ${found.id}, ${found.visibility}, ${
          empty ? 'empty' : `default branch ${branch}`
        }.`,
      );
    },
  });
}
