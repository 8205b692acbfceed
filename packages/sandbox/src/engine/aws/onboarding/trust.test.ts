import { emptyRecords } from '../../../aws';
import { roleMay } from '../../../aws/iam/roles';
import { isTrusted } from '../../../aws/iam/webIdentity';
import { readPlan, type Kind } from './plan';
import { rolesOf } from './roles';

const SHA = 'c'.repeat(40);
const OTHER = 'd'.repeat(40);
const S = 'repo:acme@7/shop@42';
const W = 'acme/platform-workflows/.github/workflows';
const REGISTRY = { accountId: '111111111111', region: 'eu-west-1' };

const inputs = {
  service: 'shop',
  kind: 'node-ecs-service',
  entity: 'component:default/shop',
  repository: 'acme/shop',
  'repository-id': '42',
  'owner-id': '7',
  subject: S,
  environments: JSON.stringify(
    ['staging', 'production'].map(name => ({
      name,
      accountId: '444444444444',
      region: 'eu-west-1',
      cluster: 'main',
    })),
  ),
  'workflows-repository': 'acme/platform-workflows',
  'workflows-sha': SHA,
};

const records = emptyRecords();
records.accounts.push({ id: '444444444444', name: 'production', roles: [] });

function role(name: string, kind: Kind = 'node-ecs-service') {
  const plan = readPlan({ ...inputs, kind }, records);
  const found = rolesOf(plan, REGISTRY, 0).find(item => item.name === name);
  if (!found) throw new Error(`no role ${name}`);
  return found;
}

const claims = (sub: string, workflow: string, more: object = {}) => ({
  iss: 'https://token.actions.githubusercontent.com',
  aud: 'sts.amazonaws.com',
  repository_id: '42',
  sub,
  job_workflow_ref: workflow,
  ...more,
});

const MAIN = `${S}:ref:refs/heads/main`;
const build = `${W}/ecs-build.yml@${SHA}`;
const deploy = `${W}/ecs-deploy.yml@${SHA}`;
const rollback = `${W}/ecs-rollback.yml@${SHA}`;
const own = (file: string) =>
  `acme/shop/.github/workflows/${file}@refs/heads/main`;

describe('who may have the roles of a service', () => {
  it.each([
    ['shop-build', MAIN, build],
    ['shop-deploy-production', `${S}:environment:production`, deploy],
    ['shop-deploy-production', `${S}:environment:production`, rollback],
    ['shop-settle-production', MAIN, deploy],
    ['shop-settle-production', MAIN, rollback],
  ])('%s: a job of %s in %s', (name, sub, workflow) => {
    expect(isTrusted(role(name), claims(sub, workflow))).toBe(true);
  });

  it.each([
    ['a pull request', 'shop-build', `${S}:pull_request`, build, {}],
    ['a branch', 'shop-build', `${S}:ref:refs/heads/feature`, build, {}],
    ['develop', 'shop-build', `${S}:ref:refs/heads/develop`, build, {}],
    ['another workflow', 'shop-build', MAIN, deploy, {}],
    ['its own workflow', 'shop-build', MAIN, own('pipeline.yml'), {}],
    ['another commit', 'shop-build', MAIN, `${W}/ecs-build.yml@${OTHER}`, {}],
    ['no workflow', 'shop-build', MAIN, build, { job_workflow_ref: undefined }],
    ['another repository', 'shop-build', MAIN, build, { repository_id: '43' }],
    [
      'names instead of ids',
      'shop-build',
      'repo:acme/shop:ref:refs/heads/main',
      build,
      {},
    ],
    ['another audience', 'shop-build', MAIN, build, { aud: 'api://x' }],
    [
      'another environment',
      'shop-deploy-production',
      `${S}:environment:staging`,
      deploy,
      {},
    ],
    ['no environment', 'shop-deploy-production', MAIN, deploy, {}],
    [
      'an environment',
      'shop-settle-production',
      `${S}:environment:production`,
      deploy,
      {},
    ],
  ])('not to %s', (_what, name, sub, workflow, more) => {
    expect(isTrusted(role(name), claims(sub, workflow, more))).toBe(false);
  });

  it.each([
    ['worker-cdk-service', 'infra-deploy.yml', 'infra.yml'],
    ['terraform-bluegreen-service', 'infra.yml', 'infra-deploy.yml'],
  ] as const)(
    '%s: infrastructure only from its own file',
    (kind, file, other) => {
      const infra = role('shop-infra-production', kind);
      const sub = `${S}:environment:infra-production`;
      expect(isTrusted(infra, claims(sub, own(file)))).toBe(true);
      expect(isTrusted(infra, claims(sub, own(other)))).toBe(false);
      expect(
        isTrusted(infra, claims(`${S}:environment:production`, own(file))),
      ).toBe(false);
      const plan = role('shop-plan-production', kind);
      const pull = claims(
        `${S}:pull_request`,
        'acme/shop/.github/workflows/x.yml@refs/pull/1/merge',
      );
      expect(isTrusted(plan, pull)).toBe(true);
      expect(isTrusted(plan, { ...pull, repository_id: '43' })).toBe(false);
      expect(plan.policy).not.toMatch(/Update|Put|Create|Delete/);
    },
  );

  const MERGED = claims(MAIN, own('infra-deploy.yml'));
  const TERRAFORM = 'terraform-bluegreen-service';

  it('lets main plan with Terraform: what is applied, drift, and what runs', () => {
    const plan = role('shop-plan-production', TERRAFORM);
    expect(isTrusted(plan, claims(MAIN, own('drift.yml')))).toBe(true);
    const branch = `${S}:ref:refs/heads/develop`;
    expect(isTrusted(plan, claims(branch, own('drift.yml')))).toBe(false);
    const cdk = role('shop-plan-production', 'worker-cdk-service');
    expect(isTrusted(cdk, MERGED)).toBe(false);
  });

  it("prepares a worker's change sets on main, by a role that cannot execute them", () => {
    const found = role('shop-changeset-production', 'worker-cdk-service');
    expect(isTrusted(found, MERGED)).toBe(true);
    const sub = `${S}:pull_request`;
    expect(isTrusted(found, claims(sub, own('infra-deploy.yml')))).toBe(false);
    expect(isTrusted(found, claims(MAIN, own('app-deploy.yml')))).toBe(false);
    const may = (name: string, action: string) =>
      roleMay(role(name, 'worker-cdk-service'), {
        action,
        resources: [
          'arn:aws:cloudformation:eu-west-1:444444444444:stack/shop-production/1',
        ],
      });
    const [create, execute] = ['Create', 'Execute'].map(
      verb => `cloudformation:${verb}ChangeSet`,
    );
    expect(may('shop-changeset-production', create)).toBe(true);
    expect(may('shop-changeset-production', execute)).toBe(false);
    expect(may('shop-infra-production', execute)).toBe(true);
    expect(may('shop-infra-production', create)).toBe(false);
    expect(() => role('shop-changeset-production', TERRAFORM)).toThrow(
      'no role',
    );
  });

  it('lets develop build and settle only where it deploys staging', () => {
    const sub = `${S}:ref:refs/heads/develop`;
    const kind = 'terraform-bluegreen-service';
    expect(isTrusted(role('shop-build', kind), claims(sub, build))).toBe(true);
    expect(
      isTrusted(role('shop-settle-staging', kind), claims(sub, deploy)),
    ).toBe(true);
    expect(
      isTrusted(role('shop-deploy-staging', kind), claims(sub, deploy)),
    ).toBe(false);
  });

  it.each([
    ['service', 'Shop_1', /lower-case letters/],
    ['kind', 'else', /no kind of service/],
    ['repository', 'acme/other', /named like the service/],
    ['repository-id', 'x', /a number/],
    ['subject', 'repo:acme@7/other@43', /has to be repo:acme@7\/shop@42/],
    ['entity', 'component:default/else', /component:default\/shop/],
    ['workflows-sha', 'main', /full sha/],
    ['environments', '[]', /at least one/],
    ['environments', '{', /as JSON/],
    [
      'environments',
      inputs.environments.replace(/444444444444/g, '999999999999'),
      /account 999999999999 .* not one of the organisation/,
    ],
    [
      'environments',
      inputs.environments.replace('staging', '../x'),
      /cannot be the name/,
    ],
    [
      'environments',
      inputs.environments.replace('staging', 'production'),
      /same name/,
    ],
  ])('is not asked with %s = %s', (input, value, sentence) => {
    expect(() => readPlan({ ...inputs, [input]: value }, records)).toThrow(
      sentence,
    );
  });
});
