import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAwsCloud, type AwsRecords, type SandboxAws } from '../../aws';
import { HandClock } from '../../engine';
import type { JobRecord } from '../../state';
import { GitRepositories } from '../../store/gitRepositories';
import { SandboxStore } from '../../store/sandboxStore';
import { buildWorld } from '../buildWorld';
import { SERVICES, type WorldService } from './services';

const ANCHOR = Date.UTC(2026, 10, 20, 9, 30);
const END = ANCHOR - (ANCHOR % 86_400_000);
const REVISION = 'org.opencontainers.image.revision';

describe('the history in AWS', () => {
  let folder: string;
  let aws: AwsRecords;
  let cloud: SandboxAws;
  let state: SandboxStore;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'world-aws-'));
    const clock = new HandClock(ANCHOR);
    ({ store: state } = await SandboxStore.open({ clock }));
    await buildWorld({
      state,
      git: new GitRepositories(folder),
      seed: 'delivery',
      anchor: ANCHOR,
      history: true,
      speed: 15,
    });
    aws = state.saved.get('aws') as AwsRecords;
    cloud = createAwsCloud({
      records: aws,
      clock,
      seed: 'delivery',
      speed: 15,
      changed: () => {},
    });
  }, 60_000);

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  const jobs = () => [...state.jobsOfRun.values()].flat();
  const tasksOf = ({ name }: WorldService) =>
    aws.tasks.filter(
      task =>
        task.accountId === name.accountId &&
        task.region === name.region &&
        task.cluster === name.cluster &&
        task.service === name.service &&
        task.lastStatus !== 'STOPPED',
    );
  const revisionOf = (spec: WorldService) => {
    const { activeRevision } = cloud.service(spec.name);
    const found = aws.revisions.find(({ arn }) => arn === activeRevision);
    if (!found) throw new Error(`${spec.component} has no revision`);
    return found;
  };
  /** Jobs that deployed to the service and ended well, the last one to end first. */
  const deploysTo = (spec: WorldService): JobRecord[] => {
    const { service } = spec.name;
    return jobs()
      .filter(
        job =>
          job.conclusion === 'success' &&
          job.environment === spec.environment &&
          job.steps.some(({ effect }) =>
            effect?.lines.some(({ text }) =>
              text.includes(
                `service-deployment/${spec.name.cluster}/${service}/`,
              ),
            ),
          ),
      )
      .sort((a, b) => (b.completedAt ?? 0) - (a.completedAt ?? 0));
  };

  it.each(
    SERVICES.filter(({ component }) => component !== 'legacy-billing').map(
      spec => [`${spec.component} in ${spec.environment}`, spec] as const,
    ),
  )('%s runs what its newest good run deployed', (_name, spec) => {
    const [job] = deploysTo(spec);
    const run = state.runs.get(job.runId);
    const [running] = revisionOf(spec).images;
    const image = aws.images.find(
      ({ repository, digest }) =>
        repository === spec.image.repository && digest === running.digest,
    );
    expect(image?.tags).toEqual([`sha-${run?.headSha}`]);
    const definition = cloud.taskDefinition(revisionOf(spec).taskDefinition);
    const label = definition.containers[0].labels[REVISION];
    // eventflow's own script sets no labels.
    const labels = !spec.component.startsWith('eventflow');
    expect(label).toBe(labels ? run?.headSha : undefined);
    expect(definition.registeredBy).toContain(
      `-deploy/gha-${run?.id}-${job.attempt}`,
    );
  });

  it.each(
    SERVICES.map(
      spec => [`${spec.component} in ${spec.environment}`, spec] as const,
    ),
  )('%s has all its tasks, since its deployment and healthy', (_name, spec) => {
    const tasks = tasksOf(spec);
    expect(tasks).toHaveLength(spec.desiredCount);
    const revision = revisionOf(spec);
    for (const task of tasks) {
      expect(task.lastStatus).toBe('RUNNING');
      expect(task.healthStatus).toBe(spec.healthCheck ? 'HEALTHY' : 'UNKNOWN');
      expect(task.revision).toBe(revision.arn);
      expect(task.startedAt).toBeGreaterThanOrEqual(revision.createdAt);
      expect(task.startedAt).toBeLessThan(END);
      expect(task.target?.state).toBe(spec.port ? 'healthy' : undefined);
    }
  });

  it('leaves nothing moving and no old stopped tasks', () => {
    expect(cloud.nextAt()).toBeUndefined();
    cloud.settle();
    expect(aws.tasks.every(task => task.lastStatus === 'RUNNING')).toBe(true);
    const { status } = aws.deployments[0];
    expect(status).toBe('SUCCESSFUL');
  });

  it('knows why deployments to production failed', () => {
    const failed = (component: string) =>
      jobs().filter(
        job =>
          job.environment === 'production' &&
          job.conclusion === 'failure' &&
          job.steps.some(({ effect }) =>
            effect?.lines.some(({ text }) => text.includes(`/${component}/`)),
          ),
      );
    const stepOf = (job: JobRecord, name: string) =>
      job.steps.find(step => step.name === name);
    const rolledBackByEcs = failed('vaultex-api').filter(job =>
      stepOf(job, 'Deploy to ECS')?.effect?.lines.some(({ text }) =>
        text.includes('Amazon ECS rolled it back'),
      ),
    );
    expect(rolledBackByEcs.length).toBeGreaterThanOrEqual(2);
    const afterSmoke = failed('vaultex-api').filter(
      job => stepOf(job, 'Smoke test')?.conclusion === 'failure',
    );
    expect(afterSmoke.length).toBeGreaterThanOrEqual(2);
    for (const job of afterSmoke) {
      expect(stepOf(job, 'Roll back')?.conclusion).toBe('success');
    }
    const eventflow = failed('backend').filter(
      job => stepOf(job, 'Smoke tests')?.conclusion === 'failure',
    );
    expect(eventflow.length).toBeGreaterThanOrEqual(1);
    expect(
      aws.deployments.filter(({ status }) => status === 'ROLLBACK_SUCCESSFUL')
        .length,
    ).toBeGreaterThanOrEqual(rolledBackByEcs.length);
  });

  it('keeps stacks, one of them changed by hand', () => {
    expect(
      aws.stacks.map(({ name, drift }) => `${name} ${drift.status}`).sort(),
    ).toEqual([
      'order-processing-dev IN_SYNC',
      'order-processing-production IN_SYNC',
      'order-processing-qa IN_SYNC',
      'order-processing-staging DRIFTED',
    ]);
  });

  it('has clusters for what is created later, with nothing in them', () => {
    const empty = aws.clusters.filter(
      ({ accountId, name }) =>
        !aws.services.some(
          service =>
            service.accountId === accountId && service.cluster === name,
        ),
    );
    expect(
      empty.map(
        ({ accountId, region, name }) => `${accountId} ${region} ${name}`,
      ),
    ).toEqual([
      '333333333333 eu-west-1 services',
      '444444444444 eu-west-1 services',
      '111111111111 eu-west-1 workers',
      '222222222222 eu-west-1 workers',
      '333333333333 eu-west-1 workers',
      '444444444444 eu-west-1 workers',
    ]);
  });
});
