import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAwsCloud, type AwsRecords, type ServiceName } from '../../aws';
import { createEngine, HandClock, seededRandom } from '../../engine';
import type { JobRecord, RunRecord } from '../../state';
import { GitRepositories } from '../../store/gitRepositories';
import { SandboxStore } from '../../store/sandboxStore';
import { buildWorld } from '../buildWorld';
import { suggestChange } from '../changes';
import { componentOf } from '../components';
import { placesOf } from '../aws/services';

const ANCHOR = Date.UTC(2026, 10, 20, 9, 30);

/** The world of today without a past, its engine and its AWS, with a clock moved by hand. */
export async function deployWorld() {
  const folder = await mkdtemp(join(tmpdir(), 'deploys-'));
  const clock = new HandClock(ANCHOR);
  const { store: state } = await SandboxStore.open({ clock });
  const git = new GitRepositories(folder);
  const options = { seed: 'delivery', speed: 15 };
  await buildWorld({
    ...options,
    state,
    git,
    anchor: ANCHOR,
    history: false,
  });
  const start = (aws: AwsRecords) => {
    const changed = () => state.changed();
    const cloud = createAwsCloud({ ...options, records: aws, clock, changed });
    const failures = 'none' as const;
    const engine = createEngine({
      ...options,
      state,
      git,
      failures,
      aws: cloud,
    });
    return { cloud, engine };
  };
  const random = seededRandom('changes');
  const world = {
    ...start(state.saved.get('aws') as AwsRecords),
    clock,
    state,
    close: () => rm(folder, { recursive: true, force: true }),
    /** A new process: AWS and engine find again what was saved. */
    async restart(): Promise<void> {
      world.engine.stop();
      const saved = JSON.stringify(world.cloud.records);
      Object.assign(world, start(JSON.parse(saved) as AwsRecords));
      await world.engine.resume();
    },
    /** Pushes a change of the component; gives the run that deploys it. */
    async push(name: string, branch = 'main'): Promise<RunRecord> {
      const component = componentOf(name);
      const repo =
        component && state.repo(component.repo.owner, component.repo.name);
      if (!component || !repo) throw new Error(`no component ${name}`);
      const { title, files } = suggestChange(component, random);
      const before = (await git.resolve(repo, branch)) ?? '0'.repeat(40);
      const author = { name: 'Dana', email: 'dana@delivery.example' };
      const commit = { branch, from: 'main', files, message: title, author };
      const { sha } = await git.commit(repo, { ...commit, at: clock.now() });
      const runs = await world.engine.push(repo, {
        branch,
        before,
        after: sha,
        actor: 'dana',
      });
      const run = runs.find(({ workflowId }) =>
        /(cd-\w+|pipeline|deploy)\.yml$/.test(
          state.workflows.get(workflowId)?.path ?? '',
        ),
      );
      if (!run) throw new Error(`nothing started for ${name}`);
      return run;
    },
    /** Plays until nothing moves or a person has to answer; then answers, and plays to the end. */
    deploy(run: RunRecord): void {
      clock.runAll();
      world.approve(run);
      clock.runAll();
    },
    approve(run: RunRecord): void {
      world.engine.review(run, {
        environmentIds: world.engine
          .pending(run)
          .map(({ environment }) => environment.id),
        state: 'approved',
        comment: 'Go',
        actor: 'cleo',
      });
    },
    /** Moves the clock from timer to timer until something is so. */
    playUntil(reached: () => boolean): void {
      for (let count = 0; !reached(); count += 1) {
        if (count > 10_000 || clock.nextAt() === Infinity) {
          throw new Error('it never happened');
        }
        clock.advanceTo(clock.nextAt());
      }
    },
    job(run: RunRecord, environment: string): JobRecord {
      const found = state.jobsOfRun
        .get(run.id)
        ?.findLast(job => job.environment === environment);
      if (!found) throw new Error(`no job deploys to ${environment}`);
      return found;
    },
    step(run: RunRecord, environment: string, name: string) {
      const { steps } = world.job(run, environment);
      const found = steps.find(step => step.name === name);
      if (!found) throw new Error(`no step ${name}`);
      return found;
    },
    place(component: string, environment: string): ServiceName {
      const found = placesOf(component).find(
        item => item.environment === environment,
      );
      if (!found) throw new Error(`${component} is not in ${environment}`);
      return found.name;
    },
    /** What the traffic of a component reaches. */
    running(component: string, environment: string) {
      const { cloud } = world;
      const service = cloud.service(world.place(component, environment));
      const revision = cloud.records.revisions.find(
        ({ arn }) => arn === service.activeRevision,
      );
      if (!revision) throw new Error('no revision');
      const { taskDefinition, images } = revision;
      const definition = cloud.taskDefinition(taskDefinition);
      const tags = cloud.records.images.find(
        ({ digest }) => digest === images[0].digest,
      )?.tags;
      return { service, definition, taskDefinition, tags, ...images[0] };
    },
    deployments: (component: string, environment: string) => {
      const { cluster, service, accountId } = world.place(
        component,
        environment,
      );
      return world.cloud.records.deployments.filter(
        item =>
          item.accountId === accountId &&
          item.cluster === cluster &&
          item.service === service,
      );
    },
  };
  return world;
}
