import { basename } from 'node:path';
import { runsForPulls } from './__testUtils__/pullRequests';
import { describeRendered } from './__testUtils__/rendered';
import { WORKFLOWS_REPOSITORY } from './__testUtils__/sampleValues';
import { SERVICE_TEMPLATES } from './__testUtils__/templates';
import {
  allSteps,
  readWorkflows,
  type Job,
  type Step,
  type Workflow,
} from './__testUtils__/workflows';

interface Call {
  workflow: Workflow;
  name: string;
  job: Job;
}

const list = (value: string | readonly string[] | undefined) =>
  value === undefined ? [] : [value].flat();

/** Calls of a reusable workflow of the organisation. */
function callsOf(workflows: readonly Workflow[], file: string): Call[] {
  return workflows.flatMap(workflow =>
    Object.entries(workflow.jobs)
      .filter(([, { uses = '' }]) =>
        uses.startsWith(`${WORKFLOWS_REPOSITORY}/.github/workflows/${file}@`),
      )
      .map(([name, job]) => ({ workflow, name, job })),
  );
}

/** Jobs that have to succeed before one, directly or through others. */
function ancestors(
  workflow: Workflow,
  name: string,
  seen = new Set<string>(),
): Set<string> {
  for (const needed of list(workflow.jobs[name]?.needs)) {
    if (!seen.has(needed)) {
      seen.add(needed);
      ancestors(workflow, needed, seen);
    }
  }
  return seen;
}

const isService = (id: string) => SERVICE_TEMPLATES.some(item => item === id);

/** The gitleaks image stands in the environment of the step that runs it. */
const scansSecrets = ({ env = {} }: Step) =>
  Object.values(env).some(value => /\/gitleaks:/.test(String(value)));

const ROLLBACK_INPUTS = [
  'environment',
  'service',
  'task-definition',
  'commit',
  'image',
  'reason',
];

describeRendered('the way to production of', (repository, id) => {
  if (!isService(id)) {
    it('is what the services call', () => {
      const names = readWorkflows(repository()).map(({ path }) =>
        basename(path),
      );
      expect(names).toEqual(
        expect.arrayContaining([
          'ecs-build.yml',
          'ecs-deploy.yml',
          'ecs-rollback.yml',
          'onboard-service.yml',
        ]),
      );
    });
    return;
  }

  it('goes through the reusable deployment only', () => {
    const workflows = readWorkflows(repository());
    const own = workflows.flatMap(workflow =>
      allSteps(workflow).filter(
        ({ step }) =>
          /amazon-ecs-deploy-task-definition@|amazon-ecs-render-task-definition@/.test(
            step.uses ?? '',
          ) ||
          /aws ecs (update-service|run-task|register-task-definition)/.test(
            step.run ?? '',
          ),
      ),
    );
    expect(own.map(({ where }) => where)).toEqual([]);
    expect(callsOf(workflows, 'ecs-deploy.yml').length).toBeGreaterThan(0);
  });

  it('never runs for a pull request', () => {
    const workflows = readWorkflows(repository());
    const reached = ['ecs-build.yml', 'ecs-deploy.yml', 'ecs-rollback.yml']
      .flatMap(file => callsOf(workflows, file))
      .filter(({ workflow, name }) => runsForPulls(workflow, name))
      .map(({ workflow, name }) => `${workflow.path} ${name}`);
    expect(reached).toEqual([]);
  });

  it('builds an image once and takes it by its digest', () => {
    const workflows = readWorkflows(repository());
    const built = callsOf(workflows, 'ecs-build.yml').map(
      ({ job }) => job.with?.repository,
    );
    expect(built.length).toBeGreaterThan(0);
    expect(new Set(built).size).toBe(built.length);
    for (const { job } of callsOf(workflows, 'ecs-deploy.yml')) {
      expect(String(job.with?.image)).toMatch(
        /^\$\{\{ (needs\.[\w-]+\.outputs\.[\w-]+|inputs\.[\w-]*image|matrix\.image) \}\}$/,
      );
    }
  });

  it('passes every other environment first', () => {
    const calls = callsOf(readWorkflows(repository()), 'ecs-deploy.yml');
    const production = calls.filter(
      ({ job }) => job.with?.environment === 'production',
    );
    for (const { workflow, name } of production) {
      const before = ancestors(workflow, name);
      const others = calls.filter(
        call =>
          call.workflow === workflow &&
          call.job.with?.environment !== 'production',
      );
      const missed = others
        .filter(call => !before.has(call.name))
        .map(call => call.name);
      expect(missed).toEqual([]);
      expect(before.size).toBeGreaterThan(0);
    }
  });

  it('names the secrets it hands over', () => {
    for (const { job } of callsOf(
      readWorkflows(repository()),
      'ecs-deploy.yml',
    )) {
      expect(typeof (job.secrets ?? {})).toBe('object');
    }
  });

  it('migrates before it updates, with the image that is deployed', () => {
    const commands = callsOf(readWorkflows(repository()), 'ecs-deploy.yml')
      .map(({ job }) => job.with?.['migrate-command'])
      .filter(command => command !== undefined && command !== '');
    expect(commands.length).toBeGreaterThan(0);
    for (const command of commands) {
      const words: unknown = JSON.parse(String(command));
      expect(
        Array.isArray(words) && words.every(word => typeof word === 'string'),
      ).toBe(true);
    }
  });

  it('has a way back that the portal can dispatch', () => {
    const rollback = readWorkflows(repository()).find(
      ({ path }) => basename(path) === 'rollback.yml',
    );
    const dispatch = rollback?.on.workflow_dispatch as
      | { inputs: Record<string, { required?: boolean }> }
      | undefined;
    expect(Object.keys(dispatch?.inputs ?? {}).sort()).toEqual(
      [...ROLLBACK_INPUTS].sort(),
    );
    const required = Object.entries(dispatch?.inputs ?? {})
      .filter(([, input]) => input.required)
      .map(([name]) => name);
    expect(required).toEqual(
      expect.arrayContaining(['environment', 'task-definition', 'reason']),
    );
    expect(rollback && callsOf([rollback], 'ecs-rollback.yml')).toHaveLength(1);
  });

  it('looks for secrets over the whole history before anything is installed', () => {
    const pulls = readWorkflows(repository()).filter(
      ({ on }) => 'pull_request' in on,
    );
    const scans = pulls.flatMap(workflow =>
      Object.entries(workflow.jobs).filter(([, { steps = [] }]) =>
        steps.some(scansSecrets),
      ),
    );
    expect(scans.length).toBeGreaterThan(0);
    for (const [, { steps = [] }] of scans) {
      const scan = steps.findIndex(scansSecrets);
      const checkout = steps.find(({ uses = '' }) =>
        uses.startsWith('actions/checkout@'),
      );
      expect(checkout?.with?.['fetch-depth']).toBe(0);
      const earlier = steps
        .slice(0, scan)
        .filter(({ run }) => run !== undefined);
      expect(earlier).toEqual([]);
    }
  });
});
