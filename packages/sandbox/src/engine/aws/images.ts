import type { AwsPlace } from '../../aws/records';
import { fakeDigest } from '../contexts';
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
      const known = cloud.records.images.findLast(
        item =>
          item.accountId === accountId &&
          item.region === region &&
          item.repository === repository &&
          item.tags.includes(tag),
      );
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
