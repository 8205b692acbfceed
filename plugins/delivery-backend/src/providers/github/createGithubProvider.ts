import type { LoggerService } from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import type { GithubCredentialsProvider } from '@backstage/integration';
import type {
  DeliveryProvider,
  FailedDelivery,
} from 'backstage-plugin-delivery-node';
import { createGithubActs } from './acts/createGithubActs';
import type { SignInApplication } from './acts/identify';
import { listFailedDeliveries, redeliver } from './deliveries';
import { GithubClient, type GithubHost } from './GithubClient';
import { parseGithubEvent } from './parseGithubEvent';
import {
  listCommits,
  listMergedPullRequests,
  readCommitFiles,
} from './readChanges';
import { compareCommits, resolveCommit } from './readCommits';
import { listDeployments } from './readDeployments';
import { LOG_HOSTS, openLog, readWorkflowFile } from './readFiles';
import { listIncidents } from './readIncidents';
import { conformanceReader } from './readConformance';
import { readPullRequest } from './readPullRequest';
import {
  listApprovals,
  listArtifacts,
  listChanges,
  ownerAndName,
  pendingEnvironments,
  readRun,
} from './readRuns';

export interface GithubProviderOptions {
  hosts: (GithubHost & {
    /** True: a GitHub App is configured, so failed deliveries can be asked for. */
    app: boolean;
  })[];
  /** One for the whole plugin: each instance lists installations and makes tokens of its own. */
  credentials: GithubCredentialsProvider;
  logger: LoggerService;
  /** Epoch milliseconds. */
  clock: () => number;
  fetch?: typeof fetch;
  /** Hosts logs may lie on, besides the API's own; `*.` at the start stands for any name below. */
  logHosts?: string[];
  /** How often a failed read is tried again at once. */
  retries?: number;
  /** Applications that people sign in with: without one nothing is done in anybody's name. */
  signIn?: readonly SignInApplication[];
}

/** Runs, jobs, deployments and checks of GitHub. */
export function createGithubProvider(
  options: GithubProviderOptions,
): DeliveryProvider {
  const clients = new Map(
    options.hosts.map(host => [
      host.host,
      { ...host, client: new GithubClient({ ...options, ...host }) },
    ]),
  );
  const hosts = [...clients.keys()];
  const at = (host: string) => {
    const found = clients.get(host);
    if (found) return found;
    throw new InputError(`GitHub host ${host} is not configured.`);
  };
  const apps = [...clients.values()].filter(({ app }) => app);
  const logHosts = options.logHosts ?? LOG_HOSTS;
  const { signIn = [] } = options;
  const readConformance = conformanceReader();

  return {
    id: 'github',
    hosts,
    parseEvent: event => parseGithubEvent(event, hosts),
    listChanges: request => listChanges(at(request.scope.host).client, request),
    listDeployments: request =>
      listDeployments(at(request.scope.host).client, request),
    budget: scope =>
      at(scope.host).client.budget(ownerAndName(scope.slug).owner),
    readRun: (run, signal) =>
      readRun(at(run.host).client, run, undefined, signal),
    readAttempt: (run, attempt, signal) =>
      readRun(at(run.host).client, run, attempt, signal),
    pendingEnvironments: (run, signal) =>
      pendingEnvironments(at(run.host).client, run, signal),
    readWorkflowFile: (scope, file, signal) =>
      readWorkflowFile(at(scope.host).client, scope, file, signal),
    listArtifacts: (run, signal) =>
      listArtifacts(at(run.host).client, run, signal),
    listApprovals: (run, signal) =>
      listApprovals(at(run.host).client, run, signal),
    compareCommits: (scope, range, signal) =>
      compareCommits(at(scope.host).client, scope, range, signal),
    resolveCommit: (scope, shortSha, signal) =>
      resolveCommit(at(scope.host).client, scope, shortSha, signal),
    listCommits: (scope, range, signal) =>
      listCommits(at(scope.host).client, scope, range, signal),
    listMergedPullRequests: request =>
      listMergedPullRequests(at(request.scope.host).client, request),
    readPullRequest: (scope, pullRequest, signal) =>
      readPullRequest(at(scope.host).client, scope, pullRequest, signal),
    readCommitFiles: (scope, sha, signal) =>
      readCommitFiles(at(scope.host).client, scope, sha, signal),
    listIncidents: request =>
      listIncidents(at(request.scope.host).client, request),
    readConformance: (scope, signal) =>
      readConformance(at(scope.host).client, scope, signal),
    openLog: (run, jobKey, signal) => {
      const { client, apiBaseUrl } = at(run.host);
      return openLog(
        client,
        run,
        jobKey,
        { apiBaseUrl, logHosts, fetch: options.fetch ?? fetch },
        signal,
      );
    },
    ...(signIn.length > 0 && {
      acts: createGithubActs({
        hosts: [...clients.values()].map(({ host, apiBaseUrl, client }) => ({
          ...{ host, apiBaseUrl, reader: client },
        })),
        signIn,
        clock: options.clock,
        fetch: options.fetch,
        retries: options.retries,
      }),
    }),
    ...(apps.length > 0 && {
      listFailedDeliveries: async (signal: AbortSignal) => {
        const lists = await Promise.all(
          apps.map(async ({ host, client }) =>
            (
              await listFailedDeliveries(client, signal)
            ).map(delivery => ({
              ...delivery,
              id: `${host} ${delivery.id}`,
            })),
          ),
        );
        return lists.flat();
      },
      redeliver: (delivery: FailedDelivery, signal: AbortSignal) => {
        const [host, id] = delivery.id.split(' ');
        return redeliver(at(host).client, { ...delivery, id }, signal);
      },
    }),
  };
}
