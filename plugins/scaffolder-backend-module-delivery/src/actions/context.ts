import type { ActionContext } from '@backstage/plugin-scaffolder-node';
import type { ScmIntegrations } from '@backstage/integration';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type { JsonObject } from '@backstage/types';
import type { z } from 'zod/v3';
import { openAccess, type PersonalAccess } from '../github/person';
import type { Sleep } from '../github/PersonClient';
import type { CatalogView } from '../people/reviewers';

/** What all actions need of the portal. */
export interface ActionOptions {
  integrations: ScmIntegrations;
  catalog: CatalogService;
  /** Replaced in tests. */
  sleep?: Sleep;
  /** Epoch milliseconds; replaced in tests. */
  now?: () => number;
}

/** The zod that the scaffolder hands to schema functions. */
export type Zod = typeof z;

/** What is used of a context, whatever the action's input. */
export type AnyContext<TOutput extends JsonObject = JsonObject> = Pick<
  ActionContext<JsonObject, TOutput>,
  'logger' | 'signal' | 'user' | 'isDryRun' | 'getInitiatorCredentials'
>;

/** Inputs of every action. */
export const repositoryInputs = {
  repoUrl: (zod: Zod) =>
    zod
      .string()
      .describe('The repository: `host?owner=organisation&repo=name`.'),
  token: (zod: Zod) =>
    zod
      .string()
      .optional()
      .describe(
        'GitHub token of the person who creates the service (`secrets.USER_OAUTH_TOKEN`); no other is taken.',
      ),
};

/** The repository's numeric id, as `delivery:github:repo-facts` gave it. */
export function repositoryId(zod: Zod) {
  return zod
    .number()
    .describe(
      'Numeric id of the repository from `delivery:github:repo-facts`; nothing is written to another one.',
    );
}

export function openFor(
  { integrations, sleep }: ActionOptions,
  ctx: AnyContext,
  input: { repoUrl: string; token?: string },
): Promise<PersonalAccess> {
  return openAccess({
    integrations,
    repoUrl: input.repoUrl,
    token: input.token,
    user: ctx.user?.entity,
    signal: ctx.signal,
    sleep,
  });
}

/** The catalog with the rights of whoever started the task. */
export async function catalogFor(
  { catalog }: ActionOptions,
  ctx: AnyContext,
): Promise<CatalogView> {
  return { catalog, credentials: await ctx.getInitiatorCredentials() };
}
