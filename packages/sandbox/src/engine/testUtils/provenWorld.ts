import type { RepoRecord, RunRecord } from '../../state';
import { workflowRecord } from '../runRecords';
import { memoryWorld } from './memoryWorld';

export const ACCOUNTS = {
  dev: '111111111111',
  staging: '333333333333',
  production: '444444444444',
};
export const REGION = 'eu-west-1';
export const PLATFORM = 'acme/platform-workflows';
const OWNER_ID = 7;

/** Variables of an environment as creating a service writes them. */
const variablesOf = (
  service: string,
  name: 'staging' | 'production',
  strategy: string,
) => ({
  AWS_ACCOUNT_ID: ACCOUNTS[name],
  AWS_REGION: REGION,
  AWS_DEPLOY_ROLE_ARN: `arn:aws:iam::${ACCOUNTS[name]}:role/${service}-deploy-${name}`,
  AWS_SETTLE_ROLE_ARN: `arn:aws:iam::${ACCOUNTS[name]}:role/${service}-settle-${name}`,
  ECS_CLUSTER: 'main',
  ECS_SERVICE: service,
  ECS_STRATEGY: strategy,
  SERVICE_URL: `https://${service}.${name}.example`,
  ...(strategy === 'BLUE_GREEN' && {
    TEST_URL: `https://${service}.${name}.example:8443`,
  }),
});

const nameOf = (service: string, environment: 'staging' | 'production') => ({
  accountId: ACCOUNTS[environment],
  region: REGION,
  cluster: 'main',
  service,
});

/** A platform repository with workflows, AWS accounts and the means to create a service in them. */
export async function provenWorld(platformFiles: Record<string, string>) {
  const world = await memoryWorld({ withAws: true });
  const { state, cloud, commit, engine, clock } = world;
  state.accounts.set('acme', {
    id: OWNER_ID,
    nodeId: 'O_7',
    login: 'acme',
    name: 'Acme',
    email: '',
    type: 'Organization',
  });
  for (const [name, id] of Object.entries(ACCOUNTS)) {
    cloud.records.accounts.push({ id, name, roles: [] });
  }
  const platform = world.addRepo('platform-workflows');
  platform.private = false;
  const sha = commit(platform, platformFiles);

  const inputsOf = (repo: RepoRecord, kind: string) => ({
    service: repo.name,
    kind,
    entity: `component:default/${repo.name}`,
    repository: `${repo.owner}/${repo.name}`,
    'repository-id': String(repo.id),
    'owner-id': String(OWNER_ID),
    subject: `repo:${repo.owner}@${OWNER_ID}/${repo.name}@${repo.id}`,
    environments: JSON.stringify(
      (['staging', 'production'] as const).map(name => ({
        name,
        accountId: ACCOUNTS[name],
        region: REGION,
        cluster: 'main',
      })),
    ),
    'workflows-repository': PLATFORM,
    'workflows-sha': sha,
  });

  return {
    ...world,
    platform,
    sha,
    inputsOf,
    /** A repository as the portal creates it, with protected production. */
    createRepo(name: string, strategy = 'ROLLING'): RepoRecord {
      const repo = world.addRepo(name);
      const cleo = state.accounts.get('cleo');
      Object.assign(repo, {
        createdBy: 'dana',
        immutableSubject: true,
        variables: {
          AWS_BUILD_ROLE_ARN: `arn:aws:iam::${ACCOUNTS.dev}:role/${name}-build`,
          AWS_BUILD_ACCOUNT_ID: ACCOUNTS.dev,
          AWS_BUILD_REGION: REGION,
          IMAGE_PROOF: 'attestation',
        },
        environments: (['staging', 'production'] as const).map(
          (environment, index) => ({
            id: 900 + index,
            nodeId: `EN_${index}`,
            name: environment,
            createdAt: clock.now(),
            waitTimerMinutes: 0,
            preventSelfReview: true,
            canAdminsBypass: false,
            reviewers:
              environment === 'production' && cleo
                ? [{ type: 'User', id: cleo.id }]
                : [],
            branchPolicies: null,
            variables: variablesOf(name, environment, strategy),
          }),
        ),
      });
      return repo;
    },
    /** Dispatches onboard-service.yml and plays it to its end. */
    async onboard(inputs: ReturnType<typeof inputsOf>): Promise<RunRecord> {
      const path = '.github/workflows/onboard-service.yml';
      const workflow = workflowRecord(state, platform, path, 'Onboard');
      const request = { ref: 'main', inputs, actor: 'dana' };
      const run = await engine.dispatch(platform, workflow, request);
      clock.runAll();
      return run;
    },
    approve(run: RunRecord, comment = 'Go'): void {
      engine.review(run, {
        environmentIds: engine
          .pending(run)
          .map(({ environment }) => environment.id),
        state: 'approved',
        comment,
        actor: 'cleo',
      });
      clock.runAll();
    },
    nameOf,
    service: (name: string, environment: 'staging' | 'production') =>
      cloud.service(nameOf(name, environment)),
    /** The job by the end of its key path. */
    job(run: RunRecord, key: string) {
      const found = (state.jobsOfRun.get(run.id) ?? []).findLast(item =>
        item.key.endsWith(key),
      );
      if (!found) throw new Error(`no job ${key}`);
      return found;
    },
    step(run: RunRecord, key: string, name: string) {
      const { steps } = this.job(run, key);
      const found = steps.find(item => item.name === name);
      if (!found) throw new Error(`no step ${name} in ${key}`);
      return found;
    },
  };
}
