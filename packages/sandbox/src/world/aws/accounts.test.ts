import { isTrusted } from '../../aws/iam/webIdentity';
import { onboardingRoles } from './accounts';

const FILE =
  'acme/workflows-of-tomorrow/.github/workflows/onboard-service.yml@refs/heads/main';

describe('the role of onboarding', () => {
  const [role] = onboardingRoles(0);
  const trusts = (sub: string, workflow = FILE) =>
    isTrusted(role, {
      iss: 'https://token.actions.githubusercontent.com',
      aud: 'sts.amazonaws.com',
      sub,
      job_workflow_ref: workflow,
    });

  it.each([
    'repo:acme@7/workflows-of-tomorrow@42:environment:onboarding',
    'repo:acme/platform-workflows:environment:onboarding',
  ])('is for %s', sub => {
    expect(trusts(sub)).toBe(true);
  });

  it.each([
    ['repo:vaultex@8/vaultex@42:environment:onboarding', FILE],
    ['repo:acme@7/shop@42:environment:production', FILE],
    ['repo:acme@7/shop@42:ref:refs/heads/main', FILE],
    [
      'repo:acme@7/shop@42:environment:onboarding',
      'acme/shop/.github/workflows/pipeline.yml@refs/heads/main',
    ],
    [
      'repo:acme@7/shop@42:environment:onboarding',
      FILE.replace('/main', '/other'),
    ],
  ])('is not for %s in %s', (sub, workflow) => {
    expect(trusts(sub, workflow)).toBe(false);
  });
});
