import { parseImage } from '../../../aws/machine/images';
import type { ImageRecord } from '../../../aws/records';
import { StepFailed, type AwsStep, type AwsStepContext } from '../awsStep';
import { demand, provesItself } from '../credentials';
import { imageOf } from '../images';
import { placeOf } from '../places';

const REVISION = 'org.opencontainers.image.revision';
const text = (value: unknown) => (typeof value === 'string' ? value : '');

/** The image of a reference by digest, and where it lies. */
function referenced(
  context: AwsStepContext,
  reference: string,
): { image: ImageRecord; arn: string } {
  const parsed = parseImage(reference);
  const image =
    parsed?.digest &&
    imageOf(context, parsed, parsed.repository, parsed.digest);
  if (!parsed || !image) {
    throw new StepFailed(`The registry does not have ${reference}.`);
  }
  const { region, accountId, repository } = parsed;
  return {
    image,
    arn: `arn:aws:ecr:${region}:${accountId}:repository/${repository}`,
  };
}

/** What proves where an image comes from: the way, and the id of the repository that built it. */
const proof = (way: 'attestation' | 'signature', { step }: AwsStepContext) =>
  `${way} ${step.repo.id}`;

function addProof(image: ImageRecord, what: string): void {
  image.proofs = [...new Set([...(image.proofs ?? []), what])];
}

/** `actions/attest`: says who built the image. */
export const attest: AwsStep = {
  concerns: ({ repo }) => provesItself(repo),
  begin(context) {
    const inputs = context.step.with;
    const digest = text(inputs['subject-digest']);
    const reference = `${text(inputs['subject-name'])}@${digest}`;
    addProof(
      referenced(context, reference).image,
      proof('attestation', context),
    );
    context.log(`Attestation created for ${reference}`);
  },
};

/** Step `sign`: a signature with the organisation's key. */
export const sign: AwsStep = {
  concerns: ({ repo }) => provesItself(repo),
  begin(context) {
    const { IMAGE = '', SIGNING_KEY = '' } = context.env;
    placeOf(context, '', '');
    demand(context, 'kms:Sign', SIGNING_KEY);
    addProof(referenced(context, IMAGE).image, proof('signature', context));
    context.log(`Signed ${IMAGE}`);
  },
};

/** Step `image`: whether the image is of the service's own registry and proven; tells its commit. */
export const proveImage: AwsStep = {
  begin(context) {
    const { env, step, effect, log } = context;
    const { IMAGE = '', REGISTRY_ACCOUNT, REGISTRY_REGION, PROOF = '' } = env;
    const registry = `${REGISTRY_ACCOUNT}.dkr.ecr.${REGISTRY_REGION}.amazonaws.com`;
    placeOf(context, '', '');
    if (!IMAGE.startsWith(`${registry}/`)) {
      throw new StepFailed(
        `The image is not in the registry of this service, ${registry}.`,
      );
    }
    const name = IMAGE.slice(registry.length + 1);
    if (!/^[a-z0-9]+([._/-][a-z0-9]+)*@sha256:[0-9a-f]{64}$/.test(name)) {
      throw new StepFailed(
        'The image has to be named by its digest, <registry>/<repository>@sha256:<64 hex digits>.',
      );
    }
    const own = step.repo.name.toLowerCase();
    const [repository] = name.split('@');
    if (
      repository !== own &&
      !repository.startsWith(`${own}-`) &&
      !repository.startsWith(`${own}/`)
    ) {
      throw new StepFailed(
        `The image repository ${repository} is not one of ${step.repo.owner}/${step.repo.name}: its name has to begin with ${own}.`,
      );
    }
    const { image, arn } = referenced(context, IMAGE);
    demand(context, 'ecr:BatchGetImage', arn);
    if (PROOF !== 'attestation' && PROOF !== 'signature') {
      throw new StepFailed(
        'The variable IMAGE_PROOF has to be attestation or signature: an image without proof is never deployed.',
      );
    }
    if (!image.proofs?.includes(proof(PROOF, context))) {
      throw new StepFailed(
        `The image carries no ${PROOF} for ${step.repo.owner}/${step.repo.name}.`,
      );
    }
    const revision = image.labels?.[REVISION] ?? '';
    if (!/^[0-9a-f]{40}$/.test(revision)) {
      throw new StepFailed(
        'The image does not say which commit it was built from (label org.opencontainers.image.revision).',
      );
    }
    effect.outputs.revision = revision;
    log(`Built from ${revision}, ${PROOF} verified`);
  },
};

/** Step `release`: a tag of its own keeps the image from expiring while it runs. */
export const keepImage: AwsStep = {
  begin(context) {
    const { env, cloud, step, log } = context;
    const { IMAGE = '', ENVIRONMENT = '' } = env;
    placeOf(context, '', '');
    const { image, arn } = referenced(context, IMAGE);
    const tag = `release-${ENVIRONMENT}-${step.run.id}`;
    if (image.tags.includes(tag)) return;
    demand(context, 'ecr:PutImage', arn, true);
    const { repository, digest } = image;
    cloud.putImage(image, { repository, digest, tags: [tag] });
    log(`${tag} is on ${digest}`);
  },
};

/** Commit of what a definition runs: its own label, else that of the image. */
export function commitOf(
  context: AwsStepContext,
  taskDefinition: string,
  container: string,
): string {
  const { containers } = context.cloud.taskDefinition(taskDefinition);
  const main = containers.find(({ name }) => name === container);
  const parsed = parseImage(main?.image ?? '');
  const image =
    parsed?.digest &&
    imageOf(context, parsed, parsed.repository, parsed.digest);
  const label = main?.labels[REVISION] || (image && image.labels?.[REVISION]);
  return label && /^[0-9a-f]{40}$/.test(label) ? label : '';
}
