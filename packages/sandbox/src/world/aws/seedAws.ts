import { repositoryUri, type AwsPlace, type SandboxAws } from '../../aws';
import { fakeDigest } from '../../engine/contexts';
import { componentOf } from '../components';
import {
  ACCOUNT_IDS,
  emptyClusters,
  onboardingRoles,
  worldAccounts,
} from './accounts';
import { SERVICES, type WorldService } from './services';
import { worldStacks } from './stacks';

const REVISION = 'org.opencontainers.image.revision';

/** Where the images of a service lie: with the builds, or (the old way) beside the service. */
function registryOf({ image, name }: WorldService): AwsPlace {
  const accountId = image.tag === 'latest' ? name.accountId : ACCOUNT_IDS.dev;
  return { accountId, region: name.region };
}

function seed(aws: SandboxAws, spec: WorldService, sha: string): void {
  const { name, image, alarms, settings } = spec;
  const registry = registryOf(spec);
  const { repository } = image;
  const digest = `sha256:${fakeDigest(
    repositoryUri(registry, repository),
    sha,
  )}`;
  // eventflow's own script names images by tag and sets no labels; so does the old pipeline of billing.
  const platform = !['eventflow', 'billing'].includes(repository.split('-')[0]);
  aws.seedService({
    ...name,
    ...settings,
    desiredCount: spec.desiredCount,
    container: name.service,
    port: spec.port,
    healthCheck: spec.healthCheck,
    family: platform ? name.service : repository,
    image: {
      repository,
      digest,
      tags: [image.tag === 'sha' ? `sha-${sha}` : 'latest'],
      registry,
    },
    by: platform ? 'digest' : 'tag',
    labels: platform ? { [REVISION]: sha } : {},
    principal: `arn:aws:sts::${name.accountId}:assumed-role/AdministratorAccess/pat`,
    ...(alarms.length > 0 && {
      alarms: {
        items: alarms.map(([alarm, metric, threshold]) => ({
          name: alarm,
          metric,
          threshold,
        })),
        rollback: settings.circuitBreaker?.rollback ?? false,
      },
    }),
  });
}

/**
 * Fills an empty AWS with accounts, services that run the first commit of their repositories, and stacks.
 * `createdAt` and `checkedAt` (when stacks were last checked for drift) are epoch milliseconds.
 */
export function seedAws(
  aws: SandboxAws,
  options: {
    /** Sha of the first commit by `owner/name`. */
    firstCommits: Map<string, string>;
    createdAt: number;
    checkedAt: number;
  },
): void {
  aws.records.accounts.push(...worldAccounts());
  for (const spec of SERVICES) {
    const repo = componentOf(spec.component)?.repo;
    const sha = options.firstCommits.get(`${repo?.owner}/${repo?.name}`);
    if (!sha) throw new Error(`No first commit of ${spec.component}`);
    seed(aws, spec, sha);
  }
  aws.records.clusters.push(...emptyClusters());
  const { createdAt, checkedAt } = options;
  aws.records.roles = onboardingRoles(createdAt);
  aws.records.stacks.push(...worldStacks(createdAt, checkedAt));
}
