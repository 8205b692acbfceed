import type { Repository } from './decisionsOutput';
import { addFile, addStep, swap, type Proofs } from './decisionsProof';

/** Defects that the checks of decisionsSupply.ts and decisionsImages.ts have to see. */

const BUILD = 'ecs-build.yml';

const build = (from: RegExp | string, to: string) =>
  swap('platform', BUILD, from, to);
const registry = (from: RegExp | string, to: string) =>
  swap('platform', 'onboarding/registry.yaml', from, to);
const unpinned = (repository: Repository, file: string, uses: string) =>
  addStep(repository, file, `{ uses: ${uses} }`);
const LAST_SCAN = 'image-ref: ${{ steps.push.outputs.image }}';

export const SUPPLY_PROOFS: Proofs = {
  'V-16': [
    [
      'digestsArePassedOn',
      swap(
        'node',
        'pipeline.yml',
        'image: ${{ needs.build.outputs.image }}',
        'image: registry/shipping:${{ github.sha }}',
      ),
    ],
  ],
  'V-20': [['scannedBeforeThePush', build('push: false', 'push: true')]],
  'V-21': [
    [
      'cacheIsWrittenOnMain',
      build(/cache-to: .*/, 'cache-to: type=gha,mode=max'),
    ],
    [
      'cacheIsWrittenOnMain',
      build('cache-from: type=gha', 'cache-from: type=registry,ref=app:cache'),
    ],
  ],
  'V-22': [
    [
      'registryDigestIsProven',
      build(
        /(anchore\/sbom-action[^]*?)image: \$\{\{ steps\.push\.outputs\.image \}\}/,
        'anchore/sbom-action@0\n        with:\n          path: .',
      ),
    ],
  ],
  'V-28': [
    [
      'secretsAreSoughtFirst',
      swap('terraform', 'ci.yml', 'fetch-depth: 0', 'fetch-depth: 1'),
    ],
    [
      'secretsAreSoughtFirst',
      swap('python', 'ci.yml', '    needs: lint\n', ''),
    ],
  ],
  'V-31': [
    [
      'actionsArePinned',
      unpinned('node', 'pipeline.yml', 'aquasecurity/trivy-action@v0.16.0'),
    ],
    [
      'dependenciesAreRaised',
      swap(
        'node',
        '.github/dependabot.yml',
        'package-ecosystem: github-actions',
        'package-ecosystem: gomod',
      ),
    ],
  ],
  'V-33': [
    ['runningImagesStay', registry('"release-production-*"', '"sha-*"')],
  ],
  'F-3': [
    [
      'identityIsImmutable',
      registry('ImageTagMutability: IMMUTABLE', 'ImageTagMutability: MUTABLE'),
    ],
  ],
  'F-4': [
    [
      'oneRegistry',
      build(
        'registries: ${{ vars.AWS_BUILD_ACCOUNT_ID }}',
        'registries: ${{ vars.AWS_ACCOUNT_ID }}',
      ),
    ],
    ['oneRegistry', registry(/Sid: TasksPull/g, 'Sid: Nobody')],
  ],
  'F-16': [
    ['scansCanFail', swap('worker', 'app-pr.yml', /^ *exit-code: '1'\n/m, '')],
  ],
  'F-18': [
    [
      'actionsArePinned',
      unpinned(
        'worker',
        'app-deploy.yml',
        'aws-actions/configure-aws-credentials@v4',
      ),
    ],
  ],
  'E-4': [
    [
      'actionsArePinned',
      unpinned('terraform', 'ci.yml', 'aquasecurity/trivy-action@master'),
    ],
  ],
  'E-5': [
    [
      'sarifIsShown',
      swap(
        'terraform',
        'security-scan.yml',
        /^ *output: terraform\.sarif\n/m,
        '',
      ),
    ],
  ],
  'E-7': [
    [
      'onePush',
      addStep(
        'terraform',
        'cd-production.yml',
        '{ run: docker push registry/app:v1 }',
      ),
    ],
  ],
  'E-8': [
    [
      'identityIsImmutable',
      build('TAG: sha-${{ github.sha }}', 'TAG: v${{ github.run_number }}'),
    ],
  ],
  'E-24': [
    [
      'runningImagesStay',
      registry(
        '"countType": "sinceImagePushed", "countUnit": "days", "countNumber": 30',
        '"countType": "imageCountMoreThan", "countNumber": 10',
      ),
    ],
  ],
  'X-5': [
    [
      'proofIsDemanded',
      swap(
        'platform',
        'ecs-deploy.yml',
        "*) fail 'The variable IMAGE_PROOF",
        "*) echo 'The variable IMAGE_PROOF",
      ),
    ],
  ],
  'X-8': [
    ['registryDigestIsProven', build(LAST_SCAN, 'image-ref: candidate:local')],
  ],
  'X-11': [
    [
      'imagesHaveDigests',
      swap(
        'terraform',
        'ci.yml',
        /GITLEAKS_IMAGE: \S+/,
        'GITLEAKS_IMAGE: ghcr.io/gitleaks/gitleaks:latest',
      ),
    ],
  ],
  'K-1': [
    ['actionsArePinned', swap('python', 'deploy.yml', / # v2\.0\.0/, '')],
  ],
  'K-5': [
    ['imagesHaveDigests', swap('node', 'pipeline.yml', /@sha256:c+/, '')],
  ],
  'K-6': [
    [
      'artifactsExpire',
      swap(
        'worker',
        'infra-pr.yml',
        'retention-days: 30',
        'retention-days: 90',
      ),
    ],
    [
      'runningImagesStay',
      addFile(
        'platform',
        'onboarding/registry.yaml',
        'Resources: { Images: { Type: AWS::ECR::Repository, Properties: {} } }\n',
      ),
    ],
  ],
};
