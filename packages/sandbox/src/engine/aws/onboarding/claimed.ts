import type { AwsPlace, AwsRecords } from '../../../aws/records';
import { StepFailed } from '../awsStep';
import { partsOf, type OnboardingPlan } from './plan';
import { OWNER_TAG } from './roles';

const taken = (what: string, owner: string | undefined): StepFailed =>
  new StepFailed(
    `${what} is there already and belongs to ${
      owner ?? 'somebody else'
    }. Choose another name for the service.`,
  );

/**
 * Whether the names of the plan are free, or already its own.
 * @throws StepFailed for what another repository has
 */
export function checkNames(
  plan: OnboardingPlan,
  records: AwsRecords,
  registry: AwsPlace,
): void {
  const foreign = (tags: Record<string, string>) =>
    tags[OWNER_TAG] !== plan.repositoryId;
  const ownerOf = (tags: Record<string, string>) =>
    tags['delivery.platform/repository'];
  const names = [plan.service, ...partsOf(plan)];
  const prefixes = names.flatMap(name =>
    ['build', 'deploy', 'settle', 'plan', 'changeset', 'infra'].map(
      kind => `${name}-${kind}`,
    ),
  );
  for (const role of records.roles ?? []) {
    const own = prefixes.some(
      prefix => role.name === prefix || role.name.startsWith(`${prefix}-`),
    );
    if (own && foreign(role.tags)) {
      throw taken(`The role ${role.name}`, ownerOf(role.tags));
    }
  }
  for (const name of names) {
    // An older service has a role that is only a name, and images in a repository nobody made on purpose.
    const older = records.accounts.some(({ roles }) =>
      roles.includes(`${name}-deploy`),
    );
    if (older) throw taken(`The role ${name}-deploy`, undefined);
    const made = records.repositories?.find(
      item => item.name === name && item.accountId === registry.accountId,
    );
    const holdsImages = records.images.some(
      item => item.repository === name && item.accountId === registry.accountId,
    );
    if (made ? foreign(made.tags) : holdsImages) {
      throw taken(`The image repository ${name}`, made && ownerOf(made.tags));
    }
    for (const service of records.services) {
      const inPlan = plan.environments.some(
        item =>
          item.accountId === service.accountId &&
          item.region === service.region &&
          item.cluster === service.cluster,
      );
      if (inPlan && service.name === name && foreign(service.tags)) {
        throw taken(
          `The ECS service ${name} in ${service.cluster}`,
          ownerOf(service.tags),
        );
      }
    }
  }
}
