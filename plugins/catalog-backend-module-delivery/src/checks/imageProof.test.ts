import { describeSteps } from './__testUtils__/platform';
import { runStep, type Answer } from './__testUtils__/runStep';
import { scriptOf, workflowOf } from './__testUtils__/workflows';

const COMMIT = 'c'.repeat(40);
const REGISTRY = '111111111111.dkr.ecr.eu-west-1.amazonaws.com';
const DIGEST = `sha256:${'9'.repeat(64)}`;
const IMAGE = `${REGISTRY}/shipping@${DIGEST}`;
const KEY = 'arn:aws:kms:eu-central-1:111111111111:key/0a1b';

const labels = (commit?: string) =>
  JSON.stringify({
    config: {
      Labels: commit ? { 'org.opencontainers.image.revision': commit } : null,
    },
  });

describeSteps('what is deployed', repository => {
  const theScript = (id: string) =>
    scriptOf(workflowOf(repository(), 'ecs-deploy.yml'), 'deploy', id);

  describe('its proof', () => {
    interface Given {
      image?: string;
      proof?: string;
      key?: string;
      attested?: Answer;
      signed?: Answer;
      commit?: string;
    }
    const run = (given: Given) =>
      runStep(theScript('image'), {
        env: {
          IMAGE: given.image ?? IMAGE,
          PROOF: given.proof ?? 'attestation',
          SIGNING_KEY: given.key ?? '',
          GITHUB_REPOSITORY: 'acme/Shipping',
          REPOSITORY_ID: '789',
          REGISTRY_ACCOUNT: '111111111111',
          REGISTRY_REGION: 'eu-west-1',
          WORKFLOWS: 'acme/platform-workflows',
          COSIGN_IMAGE: 'cosign@sha256:0',
        },
        fakes: {
          gh: { 'attestation verify': given.attested ?? 'ok' },
          docker: {
            run: given.signed ?? 'ok',
            'buildx imagetools inspect': labels(given.commit ?? COMMIT),
          },
        },
      });

    it('is an attestation of ecs-build for this repository', () => {
      const { code, outputs, calls } = run({});
      expect(code).toBe(0);
      expect(outputs).toEqual({ revision: COMMIT });
      expect(calls[0]).toBe(
        `gh attestation verify oci://${IMAGE} --repo acme/Shipping --signer-workflow acme/platform-workflows/.github/workflows/ecs-build.yml`,
      );
    });

    it('is a signature of the key for this repository', () => {
      const { code, outputs, calls } = run({ proof: 'signature', key: KEY });
      expect(code).toBe(0);
      expect(outputs).toEqual({ revision: COMMIT });
      const verify = calls.find(call => call.startsWith('docker run'));
      expect(verify).toContain(`verify --key awskms:///${KEY}`);
      expect(verify).toContain(`--annotations repository-id=789 ${IMAGE}`);
    });

    it.each([
      ['a part of the repository', `${REGISTRY}/shipping-worker@${DIGEST}`],
      ['a path of the repository', `${REGISTRY}/shipping/worker@${DIGEST}`],
    ])('takes %s', (_name, image) => {
      expect(run({ image }).code).toBe(0);
    });

    it.each<[string, Given, RegExp]>([
      ['a tag', { image: `${REGISTRY}/shipping:latest` }, /by its digest/],
      [
        'a tag with digest',
        { image: `${REGISTRY}/shipping:v1@${DIGEST}` },
        /by its digest/,
      ],
      [
        'a short digest',
        { image: `${REGISTRY}/shipping@sha256:99` },
        /by its digest/,
      ],
      [
        'another registry',
        { image: `docker.io/acme/shipping@${DIGEST}` },
        /not in the registry/,
      ],
      [
        'another account',
        { image: `${IMAGE.replace('111111111111', '999999999999')}` },
        /not in the registry/,
      ],
      [
        'a registry whose name only begins like ours',
        { image: `${REGISTRY}.evil.example/shipping@${DIGEST}` },
        /not in the registry/,
      ],
      [
        'the image of another service',
        { image: `${REGISTRY}/billing@${DIGEST}` },
        /begin with shipping/,
      ],
      [
        'one that shares only the letters',
        { image: `${REGISTRY}/shippingother@${DIGEST}` },
        /begin with shipping/,
      ],
      [
        'no attestation',
        { attested: { fails: 'no attestations found' } },
        /No attestation says/,
      ],
      [
        'no signature',
        { proof: 'signature', key: KEY, signed: { fails: 'no signatures' } },
        /no signature/,
      ],
      ['a signature without key', { proof: 'signature' }, /SIGNING_KEY/],
      ['no proof at all', { proof: '' }, /IMAGE_PROOF/],
      ['proof that is switched off', { proof: 'none' }, /IMAGE_PROOF/],
      [
        'an image that does not say its commit',
        { commit: 'main' },
        /which commit it was built from/,
      ],
    ])('refuses %s', (_name, given, sentence) => {
      const { code, log, outputs } = run(given);
      expect(code).not.toBe(0);
      expect(log).toMatch(sentence);
      expect(outputs).toEqual({});
    });
  });
});
