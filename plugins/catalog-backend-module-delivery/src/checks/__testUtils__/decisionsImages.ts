import { parse } from 'yaml';
import { SERVICES, type Output } from './decisionsOutput';
import {
  callsOf,
  commands,
  stepsOf,
  unless,
  type Check,
} from './decisionsProof';

/** One image: built once, scanned, listed, proven, kept. */

const BUILD = 'ecs-build.yml';

const buildSteps = (output: Output) =>
  output.job('platform', BUILD, 'build').steps ?? [];

interface LifecycleRule {
  readonly rulePriority: number;
  readonly selection: {
    tagStatus: string;
    tagPatternList?: string[];
    countType: string;
    countNumber: number;
  };
}

const digestsArePassedOn: Check = output =>
  callsOf(output.workflows(), 'ecs-deploy.yml')
    .filter(
      ({ job }) =>
        !/^\$\{\{ (needs\.[\w-]+\.outputs\.[\w-]+|inputs\.[\w-]*image) \}\}$/.test(
          String(job.with?.image),
        ),
    )
    .map(
      ({ where }) =>
        `${where}: deploys another image than the one that was built`,
    );

const scannedBeforeThePush: Check = output => {
  const steps = buildSteps(output);
  const push = steps.findIndex(({ id }) => id === 'push');
  const scan = steps.findIndex(({ uses = '' }) =>
    uses.startsWith('aquasecurity/trivy-action@'),
  );
  const build = steps.find(({ uses = '' }) =>
    uses.startsWith('docker/build-push-action@'),
  );
  return [
    ...unless(
      scan >= 0 && scan < push && steps[scan].with?.['exit-code'] === '1',
      'an image is pushed before it is scanned',
    ),
    ...unless(
      build?.with?.push === false && build.with.load === true,
      'the build pushes by itself',
    ),
  ];
};

const registryDigestIsProven: Check = output => {
  const steps = buildSteps(output);
  const push = steps.findIndex(({ id }) => id === 'push');
  const image = '${{ steps.push.outputs.image }}';
  const digest = '${{ steps.push.outputs.digest }}';
  const after = steps.slice(push + 1);
  const { outputs = {} } = output.job('platform', BUILD, 'build');
  return [
    ...unless(
      /batch-get-image/.test(String(steps[push]?.run)),
      'the digest is not the one that the registry has',
    ),
    ...unless(
      after.some(({ with: input }) => input?.['image-ref'] === image),
      'what the registry holds is not scanned',
    ),
    ...unless(
      after.some(
        ({ uses = '', with: input }) =>
          uses.startsWith('anchore/sbom-action@') && input?.image === image,
      ),
      'there is no SBOM of what the registry holds',
    ),
    ...unless(
      after.filter(({ with: input }) => input?.['subject-digest'] === digest)
        .length === 2,
      'the digest is not attested',
    ),
    ...unless(
      after.some(({ env }) => env?.IMAGE === image),
      'the digest is not signed where attestations are missing',
    ),
    ...unless(
      outputs.image === image && outputs.digest === digest,
      'another digest is put out',
    ),
  ];
};

const proofIsDemanded: Check = output => {
  const script = String(
    output.step('platform', 'ecs-deploy.yml', 'deploy', 'image').run,
  );
  return [
    ...unless(
      /\[\[ "\$IMAGE" == "\$registry\/"\* \]\] \|\| fail/.test(script),
      'an image of another registry is deployed',
    ),
    ...unless(
      /gh attestation verify .*--signer-workflow/.test(script),
      'the attestation is not verified',
    ),
    ...unless(
      /verify --key "awskms:/.test(script),
      'the signature is not verified',
    ),
    ...unless(
      /\*\) fail 'The variable IMAGE_PROOF/.test(script),
      'an image without proof is deployed',
    ),
  ];
};

const cacheIsWrittenOnMain: Check = output =>
  stepsOf(output.workflows()).flatMap(({ step, where }) => [
    ...unless(
      step.with?.['cache-to'] === undefined ||
        /github\.ref == 'refs\/heads\/main' &&/.test(
          String(step.with['cache-to']),
        ),
      `${where}: writes its cache for every branch`,
    ),
    ...unless(
      !/type=registry/.test(
        `${step.with?.['cache-to']} ${step.with?.['cache-from']} ${step.run}`,
      ),
      `${where}: keeps its cache in the registry of images`,
    ),
  ]);

const identityIsImmutable: Check = output => {
  const registry = output.text('platform', 'onboarding/registry.yaml');
  const modes = [...registry.matchAll(/ImageTagMutability: (\w+)/g)].map(
    ([, mode]) => mode,
  );
  return [
    ...unless(
      modes.length === 2 && modes.every(mode => mode === 'IMMUTABLE'),
      'tags may be moved',
    ),
    ...unless(
      output.step('platform', BUILD, 'build', 'push').env?.TAG ===
        'sha-${{ github.sha }}',
      'the tag is not the full SHA',
    ),
    ...commands(output, 'platform', ...SERVICES)
      .filter(([, text]) =>
        /:latest\b|github\.run_number|GITHUB_RUN_NUMBER|rev-parse --short|GITHUB_SHA:0:|sha::7/.test(
          text,
        ),
      )
      .map(([path]) => `${path}: names an image by a tag that says nothing`),
  ];
};

const oneRegistry: Check = output => [
  ...SERVICES.flatMap(repository => {
    const built = callsOf(output.workflows(repository), BUILD).map(
      ({ job }) => job.with?.repository,
    );
    return unless(
      built.length > 0 && new Set(built).size === built.length,
      `${repository}: builds an image twice`,
    );
  }),
  ...unless(
    output.step('platform', BUILD, 'build', 'ecr').with?.registries ===
      '${{ vars.AWS_BUILD_ACCOUNT_ID }}',
    'each account has images of its own',
  ),
  ...unless(
    /Sid: TasksPull/.test(output.text('platform', 'onboarding/registry.yaml')),
    'the other accounts may not pull',
  ),
];

const onePush: Check = output =>
  commands(output, 'platform', ...SERVICES)
    .filter(([path, text]) => /docker push/.test(text) && !path.endsWith(BUILD))
    .map(([path]) => `${path}: pushes an image`);

const runningImagesStay: Check = output => {
  const { Resources } = parse(
    output.text('platform', 'onboarding/registry.yaml'),
    { logLevel: 'silent' },
  ) as {
    Resources: Record<
      string,
      {
        Type: string;
        Properties: { LifecyclePolicy?: { LifecyclePolicyText: string } };
      }
    >;
  };
  const policies = Object.entries(Resources).filter(
    ([, { Type }]) => Type === 'AWS::ECR::Repository',
  );
  return [
    ...policies.flatMap(([name, { Properties }]) => {
      const text =
        Properties.LifecyclePolicy?.LifecyclePolicyText ?? '{"rules":[]}';
      const { rules } = JSON.parse(text) as { rules: LifecycleRule[] };
      const sorted = [...rules].sort(
        (one, other) => one.rulePriority - other.rulePriority,
      );
      const [first] = sorted;
      const last = sorted.at(-1);
      return [
        ...unless(
          first?.selection.tagPatternList?.join() === 'release-production-*' &&
            first.selection.countType === 'imageCountMoreThan' &&
            first.selection.countNumber >= 100,
          `${name}: images of production go by their age`,
        ),
        ...unless(
          last?.selection.tagStatus === 'any' &&
            last.selection.countType === 'sinceImagePushed' &&
            last.selection.countNumber === 30,
          `${name}: the rest is not kept for 30 days`,
        ),
      ];
    }),
    ...(['ecs-deploy.yml', 'ecs-rollback.yml'] as const).flatMap(file =>
      unless(
        /tag="release-\$ENVIRONMENT-\$GITHUB_RUN_ID"/.test(
          String(output.step('platform', file, 'settle', 'release').run),
        ),
        `${file}: what is verified gets no tag that keeps it`,
      ),
    ),
  ];
};

export const IMAGE_CHECKS = {
  digestsArePassedOn,
  scannedBeforeThePush,
  registryDigestIsProven,
  proofIsDemanded,
  cacheIsWrittenOnMain,
  identityIsImmutable,
  oneRegistry,
  onePush,
  runningImagesStay,
} satisfies Record<string, Check>;
