import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import examples from '@octokit/webhooks-examples';
import type { Fact } from 'backstage-plugin-delivery-common';
import { toState } from 'backstage-plugin-delivery-common/domain';
import type { Knex } from 'knex';
import { DatabaseDeliveryStore } from '../../database/DatabaseDeliveryStore';
import { Inbox } from '../../ingestion/Inbox';
import { createGithubProvider } from './createGithubProvider';

jest.setTimeout(60_000);

const databases = TestDatabases.create({
  ids: ['SQLITE_3', 'POSTGRES_18'],
  disableDocker: true,
});
const AT = Date.UTC(2026, 10, 20);

/** The parts of GitHub's bodies these tests compare with; read here without our schemas. */
interface Thing {
  id: number;
  run_id: number;
  run_attempt?: number;
  workflow_id: number;
  name: string;
  status: string | null;
  conclusion: string | null;
  head_sha: string;
  sha: string;
  state: string;
  environment: string;
  created_at: string;
  updated_at: string;
  labels: string[];
  steps: unknown[];
}
interface Body extends Record<string, unknown> {
  action?: string;
  repository: { id: number; full_name: string; html_url: string };
  workflow_run: Thing;
  workflow_job: Thing;
  check_run: Thing;
  deployment: Thing;
  deployment_status: Thing;
}

function recorded(event: string): Body[] {
  const found = (examples as { name: string; examples: unknown[] }[]).find(
    ({ name }) => name === event,
  );
  return (found?.examples ?? []) as Body[];
}

const provider = createGithubProvider({
  hosts: [
    { host: 'github.com', apiBaseUrl: 'https://api.github.com', app: false },
  ],
  credentials: { getCredentials: async () => ({ type: 'app' }) },
  logger: mockServices.logger.mock(),
  clock: () => AT,
});

const cases = [
  ['workflow_run', 5],
  ['workflow_job', 8],
  ['check_run', 9],
  ['deployment', 4],
  ['deployment_status', 4],
  ['deployment_review', 1],
] as const;

const TABLES = [
  ...['inbox', 'repository', 'repository_alias', 'pipeline', 'run'],
  ...['attempt', 'job', 'deployment', 'deployment_status', 'check_run'],
];
const key = (id: number) => `github_com.${id}`;

describe.each(databases.eachSupportedId())('Recorded deliveries on %s', id => {
  let db: Knex;
  let store: DatabaseDeliveryStore;

  beforeEach(async () => {
    db = await databases.init(id);
    store = await DatabaseDeliveryStore.create({ database: db });
  });

  /** Into empty tables: the recordings use the same few ids again and again. */
  async function deliver(event: string, body: Body): Promise<void> {
    for (const table of TABLES) await db(table).delete();
    await store.replaceBindings(
      [
        {
          entityRef: 'component:default/x',
          host: 'github.com',
          slug: body.repository.full_name.toLowerCase(),
          workflows: [],
          paths: [],
        },
      ],
      true,
    );
    const inbox = new Inbox({
      store,
      providers: [provider],
      logger: mockServices.logger.mock(),
      clock: () => AT,
    });
    const text = JSON.stringify(body);
    await inbox.accept({
      provider: 'github',
      event,
      body: text,
      receivedAt: AT,
    });
    await inbox.drain();
    expect(await store.inboxCounts()).toMatchObject({ done: 1 });
    expect(
      await store.repository(`github_com/${body.repository.id}`),
    ).toMatchObject({
      slug: body.repository.full_name,
      url: body.repository.html_url,
    });
  }

  async function checkWorkflowRun({ workflow_run: run, repository }: Body) {
    const stored = await store.run(key(run.id));
    expect(stored).toMatchObject({
      repoKey: `github_com/${repository.id}`,
      pipelineKey: `github_com/${repository.id}/${run.workflow_id}`,
      sha: run.head_sha,
      attempt: run.run_attempt ?? 1,
      createdAt: Date.parse(run.created_at),
      updatedAt: Date.parse(run.updated_at),
      state: toState(run.status, run.conclusion),
      pipelinePath: expect.stringMatching(/^\.github\/workflows\/\w+\.yml$/),
      title: expect.stringMatching(/\w/),
    });
    expect(new URL(stored?.url ?? '').host).toBe('github.com');
    expect(await store.entitiesOfRun(key(run.id))).toHaveLength(1);
  }

  async function checkWorkflowJob({ workflow_job: job, deployment }: Body) {
    const jobs = await store.jobs([key(job.run_id)]);
    expect(jobs).toMatchObject([
      {
        jobKey: key(job.id),
        name: job.name,
        attempt: job.run_attempt ?? 1,
        labels: job.labels,
        state: toState(job.status, job.conclusion),
      },
    ]);
    expect(jobs[0].steps).toHaveLength(job.steps.length);
    expect(jobs[0].environment).toBe(deployment?.environment);
    const deployed = await store.deploymentsOfRun(key(job.run_id));
    expect(deployed.map(d => d.environment)).toEqual(
      deployment ? [deployment.environment] : [],
    );
  }

  async function checkCheckRun({ check_run: check }: Body) {
    const row = await db('check_run').where('check_key', key(check.id));
    expect(row).toMatchObject([
      {
        sha: check.head_sha,
        name: check.name,
        raw_status: check.status,
        raw_conclusion: check.conclusion,
      },
    ]);
  }

  async function checkDeployment({ deployment, workflow_run: run }: Body) {
    const rows = await db('deployment');
    expect(rows).toMatchObject([
      {
        deployment_key: key(deployment.id),
        sha: deployment.sha,
        environment: deployment.environment,
        run_key: run ? key(run.id) : null,
      },
    ]);
    expect(Number(rows[0].created_at)).toBe(Date.parse(deployment.created_at));
  }

  async function checkDeploymentStatus(body: Body) {
    await checkDeployment(body);
    expect(await db('deployment_status')).toMatchObject([
      {
        status_key: key(body.deployment_status.id),
        deployment_key: key(body.deployment.id),
        state: body.deployment_status.state,
      },
    ]);
  }

  async function checkDeploymentReview({ workflow_run: run }: Body) {
    expect(await store.run(key(run.id))).toMatchObject({
      status: 'waiting',
      needsConfirm: true,
    });
    expect(await store.jobs([key(run.id)])).toMatchObject([
      { name: 'tst', environment: 'TST', state: { status: 'waiting' } },
    ]);
  }

  const checks = {
    workflow_run: checkWorkflowRun,
    workflow_job: checkWorkflowJob,
    check_run: checkCheckRun,
    deployment_status: checkDeploymentStatus,
    deployment_review: checkDeploymentReview,
    deployment: checkDeployment,
  };

  it.each(cases)('stores every %s', async (event, count) => {
    const bodies = recorded(event);
    expect(bodies).toHaveLength(count);
    for (const body of bodies) {
      await deliver(event, body);
      await checks[event](body);
    }
  });
});

describe('Deliveries about other things', () => {
  const factsOf = (name: string, payload: unknown): Fact[] => {
    const parsed = provider.parseEvent({ name, payload, receivedAt: AT });
    return parsed.kind === 'changes' ? parsed.changes.map(c => c.fact) : [];
  };

  it('follows repositories that are renamed, moved and deleted', () => {
    const kinds = recorded('repository').map(body => [
      body.action,
      factsOf('repository', body),
    ]);
    expect(kinds).toHaveLength(13);
    for (const [action, facts] of kinds) {
      expect(facts).toMatchObject([
        { kind: 'repository', slug: expect.stringContaining('/') },
      ]);
      expect((facts as { deleted?: boolean }[])[0].deleted).toBe(
        action === 'deleted' ? true : undefined,
      );
    }
  });

  it('takes branches of pushes, not tags and deletions', () => {
    const pushes = recorded('push').flatMap(body => factsOf('push', body));
    expect(pushes.filter(fact => fact.kind === 'push')).toMatchObject([
      { branch: 'master', files: undefined },
      { branch: 'master', files: undefined },
    ]);
    const [body] = recorded('push').filter(b => b.ref === 'refs/heads/master');
    const [, fact] = factsOf('push', { ...body, before: '1'.repeat(40) });
    expect(fact).toMatchObject({ files: [expect.any(String)] });
  });

  describe('a review of a gate', () => {
    const [review] = recorded('deployment_review');
    const told = (more: object) =>
      factsOf('deployment_review', { ...review, ...more });
    const run = { kind: 'run', runKey: key(review.workflow_run.id) };

    it.each(['approved', 'rejected', 'requested', 'vaporised'])(
      'that says %s only makes its run be looked at again',
      action => {
        const parsed = provider.parseEvent({
          name: 'deployment_review',
          // Derived: only `requested` was recorded.
          payload: {
            ...{ ...review, action, comment: 'Go', since: 'now' },
            approver: { login: 'mal', id: 1 },
          },
          receivedAt: AT,
        });
        const changes = parsed.kind === 'changes' ? parsed.changes : [];
        expect(changes).toContainEqual({
          observed: { source: 'webhook', at: AT },
          fact: expect.objectContaining(run),
        });
        const kinds = changes.map(({ fact }) => fact.kind);
        expect(kinds).toEqual([
          ...['repository', 'run'],
          ...(action === 'requested' ? ['job'] : []),
        ]);
        expect(JSON.stringify(changes)).not.toMatch(/mal|Go"/);
      },
    );

    it('tells nothing without its run', () => {
      expect(() => told({ workflow_run: undefined })).toThrow('workflow_run');
      expect(() => told({ workflow_run: { id: '../1' } })).toThrow(
        'workflow_run.id',
      );
    });

    it('of a host that is not configured is dropped', () => {
      const html_url = 'https://evil.example/acme/api';
      expect(told({ repository: { ...review.repository, html_url } })).toEqual(
        [],
      );
    });

    it('links only pages of its own host', () => {
      const html_url = 'https://evil.example/acme/api';
      const forged = told({
        workflow_run: { ...review.workflow_run, html_url },
      });
      expect(JSON.stringify(forged)).not.toContain('evil.example');
    });
  });

  it.each(['pull_request', 'ping', 'installation', 'star'])(
    'counts %s without using it',
    name => {
      const [body] = recorded(name);
      expect(body).toBeDefined();
      expect(
        provider.parseEvent({ name, payload: body, receivedAt: AT }).kind,
      ).toBe('ignored');
    },
  );
});
