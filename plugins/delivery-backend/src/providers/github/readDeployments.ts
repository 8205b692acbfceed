import { InputError, isError } from '@backstage/errors';
import type { Change, Fact } from 'backstage-plugin-delivery-common';
import type { ChangeBatch, ListRequest } from 'backstage-plugin-delivery-node';
import { z } from 'zod';
import {
  deploymentFact,
  deploymentStatusFact,
  trustedUrl,
  type Repository,
} from './facts';
import type { Call, GithubClient } from './GithubClient';
import { keysOf } from './keys';
import { ownerAndName } from './readRuns';
import { deploymentSchema, deploymentStatusSchema, parseBody } from './schema';

const PAGE = 100;

const link = z
  .string()
  .nullish()
  .transform(value => value ?? undefined);
const deploymentsPage = z.array(
  deploymentSchema.extend({ repository_url: link }),
);
type RawDeployment = z.output<typeof deploymentsPage>[number];
const statusesPage = z.array(deploymentStatusSchema);
type RawStatus = z.output<typeof statusesPage>[number];

/**
 * See DeliveryProvider.listDeployments. The cursor is how far down the list was read: deployments made meanwhile move the list on, so that a few are
 * read twice and none is left out.
 */
export async function listDeployments(
  client: GithubClient,
  request: ListRequest,
): Promise<ChangeBatch> {
  const { scope, since, limit, signal } = request;
  const { host, slug, repoKey } = scope;
  if (repoKey === undefined) {
    throw new InputError(`The id of ${slug} is not known yet.`);
  }
  const repository: Repository = {
    ...{ repoKey, host, url: `https://${host}/${slug}`, keys: keysOf(host) },
  };
  const ask = (call: Pick<Call, 'route' | 'parameters' | 'what'>) =>
    client.call({
      ...call,
      owner: ownerAndName(slug).owner,
      parameters: {
        ...ownerAndName(slug),
        ...call.parameters,
        per_page: PAGE,
      },
      signal,
    });

  const begin = Number(request.cursor ?? 0);
  const list = await ask({
    route: 'GET /repos/{owner}/{repo}/deployments',
    parameters: { page: Math.floor(begin / PAGE) + 1 },
    what: `deployments of ${slug}`,
  });
  const page = parseBody(deploymentsPage, list.data, 'deployments');
  const rest = page.slice(begin % PAGE);
  const tooOld = rest.findIndex(raw => raw.created_at < since);
  const young = tooOld < 0 ? rest : rest.slice(0, tooOld);
  const { wanted, passed } = firstUnknown(young, limit, raw =>
    request.known?.has(repository.keys.thing(raw.id)),
  );

  const changes: Change[] = [];
  const tell = (fact: Fact, at: number) =>
    changes.push({ fact, observed: { source: 'api', at } });
  for (const raw of wanted) {
    try {
      // Newest first; one with more than a page of statuses has said all that matters on the first.
      const answer = await ask({
        route: 'GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses',
        parameters: { deployment_id: raw.id },
        what: `statuses of deployment ${raw.id} of ${slug}`,
      });
      const statuses = parseBody(statusesPage, answer.data, 'statuses');
      const runId = runIdOf(raw, statuses, { host, slug });
      tell(deploymentFact(raw, repository, runId), list.at);
      statuses.forEach(status =>
        tell(deploymentStatusFact(status, raw.id, repository), answer.at),
      );
    } catch (error) {
      // Deleted since it was listed.
      if (!isError(error) || error.name !== 'NotFoundError') throw error;
    }
  }
  const more = passed < young.length || (tooOld < 0 && page.length === PAGE);
  return {
    changes,
    cursor: more ? String(begin + passed) : undefined,
  };
}

/** The first `limit` items that are not known, and how many items it took to find them. */
function firstUnknown<T>(
  items: T[],
  limit: number,
  isKnown: (item: T) => boolean | undefined,
): { wanted: T[]; passed: number } {
  const wanted: T[] = [];
  let passed = 0;
  for (const item of items) {
    if (!isKnown(item)) {
      if (wanted.length === limit) break;
      wanted.push(item);
    }
    passed += 1;
  }
  return { wanted, passed };
}

/**
 * The API names no run; its statuses link the log of the job that wrote them. The oldest such link is of the run that began the
 * deployment. Whoever may write deployments writes any address there, so only a run of the same repository is taken, and nothing is
 * ever fetched from it.
 */
export function runIdOf(
  raw: RawDeployment,
  statuses: RawStatus[],
  { host, slug }: { host: string; slug: string },
): number | undefined {
  // Of a renamed repository the catalog may have the old name and the links the new one.
  const name = /\/repos\/([^/]+\/[^/]+)$/.exec(raw.repository_url ?? '')?.[1];
  const slugs = [slug, name ?? slug].map(one => one.toLowerCase());
  const ids = [...statuses]
    .sort((a, b) => a.created_at - b.created_at || a.id - b.id)
    .flatMap(status => [status.log_url, status.target_url])
    .flatMap(url => {
      const trusted = trustedUrl(url, host);
      if (trusted === undefined) return [];
      const { pathname } = new URL(trusted);
      const found = /^\/([^/]+\/[^/]+)\/actions\/runs\/(\d{1,16})(?:\/|$)/.exec(
        pathname,
      );
      if (!found || !slugs.includes(found[1].toLowerCase())) return [];
      const id = Number(found[2]);
      return Number.isSafeInteger(id) && id > 0 ? [id] : [];
    });
  return ids[0];
}
