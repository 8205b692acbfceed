import { AwsError } from '../../aws/cloud';
import { findRepository } from '../../aws/machine/images';
import type { AwsPlace, ImageRecord } from '../../aws/records';
import { fakeDigest } from '../contexts';
import { demand, provesItself } from './credentials';
import { placeOf, principal } from './places';
import { StepFailed, type AwsStep, type AwsStepContext } from './awsStep';
import { pushedImages } from './shell';

const REFERENCE = /^([^/]+)\/([^:@]+):([\w.-]+)$/;
const ECR = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com$/;

/** Where a registry lies; one that is a masked secret is known by what it holds. */
function registryPlace(
  { cloud }: AwsStepContext,
  registry: string,
  repository: string,
): AwsPlace | undefined {
  const match = registry.match(ECR);
  if (match) return { accountId: match[1], region: match[2] };
  return cloud.records.images.find(item => item.repository === repository);
}

/** An image by its tag or digest. */
export const imageOf = (
  { cloud }: AwsStepContext,
  { accountId, region }: AwsPlace,
  repository: string,
  what: string,
): ImageRecord | undefined =>
  cloud.records.images.findLast(
    item =>
      item.accountId === accountId &&
      item.region === region &&
      item.repository === repository &&
      (item.digest === what || item.tags.includes(what)),
  );

/** Labels that the build gives every image. */
function labelsOf({ step }: AwsStepContext): Record<string, string> {
  const { repo, run } = step;
  return {
    'org.opencontainers.image.revision': run.headSha,
    'org.opencontainers.image.source': `https://github.com/${repo.owner}/${repo.name}`,
  };
}

/** Pushes with the credentials of the job; what a script that looks first finds already stays as it is. */
function pushProven(
  context: AwsStepContext,
  place: AwsPlace,
  reference: string,
  { repository, tag }: { repository: string; tag: string },
): void {
  const { cloud, step, effect, log } = context;
  const { accountId, region } = place;
  const arn = `arn:aws:ecr:${region}:${accountId}:repository/${repository}`;
  if (placeOf(context, '', '').accountId !== accountId) {
    throw new StepFailed(
      `denied: User: ${principal(
        context,
        accountId,
      )} is not authorized to perform: ecr:InitiateLayerUpload on resource: ${arn}`,
    );
  }
  demand(context, 'ecr:BatchGetImage', arn);
  if (!findRepository(cloud.records, place, repository)) {
    throw new StepFailed(
      `name unknown: The repository with name '${repository}' does not exist in the registry with id '${accountId}'`,
    );
  }
  const [name] = reference.split(/:[^:/]*$/);
  const known = imageOf(context, place, repository, tag);
  const looks = /aws ecr (batch-get-image|describe-images)/.test(
    step.run_ ?? '',
  );
  let digest = known?.digest;
  if (digest && looks) log(`${tag}: already in the registry`);
  else {
    demand(context, 'ecr:PutImage', arn, true);
    log(`The push refers to repository [${name}]`);
    digest = `sha256:${fakeDigest(name, step.run.headSha)}`;
    const labels = labelsOf(context);
    try {
      cloud.putImage(place, { repository, digest, tags: [tag], labels });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      throw new StepFailed(`tag invalid: ${error.message}`);
    }
  }
  log(`${tag}: digest: ${digest}`);
  Object.assign(effect.outputs, { digest, name, image: `${name}@${digest}` });
}

/** `docker push`: the image lies in the registry afterwards. */
export const pushImages: AwsStep = {
  begin(context) {
    const { step, cloud, log } = context;
    if (context.shouldFail) {
      throw new StepFailed(
        'unknown: unexpected status from PUT request: 500 Internal Server Error',
      );
    }
    for (const reference of pushedImages(step.run_ ?? '', context.env)) {
      const match = reference.match(REFERENCE);
      const place = match && registryPlace(context, match[1], match[2]);
      if (!match || !place) {
        throw new StepFailed(`invalid reference format: ${reference}`);
      }
      const [, registry, repository, tag] = match;
      const { accountId, region } = place;
      if (provesItself(step.repo)) {
        pushProven(context, { accountId, region }, reference, {
          repository,
          tag,
        });
        continue;
      }
      const known = imageOf(context, place, repository, tag);
      if (known && tag !== 'latest') {
        log(`${tag}: already in the registry, digest: ${known.digest}`);
        continue;
      }
      const name = `${registry}/${repository}`;
      const digest = `sha256:${fakeDigest(name, step.run.headSha)}`;
      log(`The push refers to repository [${name}]`);
      cloud.putImage(
        { accountId, region },
        { repository, digest, tags: [tag] },
      );
      log(`${tag}: digest: ${digest}`);
    }
  },
};
