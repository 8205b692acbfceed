import examples from '@octokit/webhooks-examples';
import { startDelivery } from './__testUtils__/startDelivery';

interface Recorded {
  name: string;
  examples: Record<string, unknown>[];
}
interface Body {
  repository: { id: number; full_name: string };
  workflow_run?: { id: number; run_attempt: number; status: string };
  workflow_job?: { id: number; run_id: number; status: string };
  check_run?: { id: number; status: string };
  deployment?: { id: number; environment: string };
  deployment_status?: { id: number; state: string };
}
const recorded = examples as unknown as Recorded[];
const of = (name: string): Body[] =>
  (recorded.find(item => item.name === name)?.examples ??
    []) as unknown as Body[];

const USED = [
  'workflow_run',
  'workflow_job',
  'check_run',
  'deployment',
  'deployment_status',
  'issues',
  'pull_request',
];

/** Every recorded delivery of these events goes through the signed route; then the tables are read. */
describe('recorded deliveries of GitHub', () => {
  let delivery: Awaited<ReturnType<typeof startDelivery>>;
  const slugs = new Set(
    USED.flatMap(of).map(({ repository }) =>
      repository.full_name.toLowerCase(),
    ),
  );

  beforeAll(async () => {
    delivery = await startDelivery({ entities: [] });
    await delivery.store.replaceBindings(
      [...slugs].map((slug, index) => ({
        entityRef: `component:default/service-${index}`,
        host: 'github.com',
        slug,
        workflows: [],
        paths: [],
      })),
      false,
    );
    for (const name of USED) {
      for (const body of of(name)) {
        await delivery.deliver(name, body).expect(202);
      }
    }
    await delivery.settled();
  });
  afterAll(() => delivery.stop());

  it('are all applied', async () => {
    const counts = await delivery.store.inboxCounts();
    expect(counts).toMatchObject({ open: 0, failed: 0, parked: 0 });
    // Some recordings are byte for byte the same.
    const different = new Set(
      USED.flatMap(name => of(name).map(body => name + JSON.stringify(body))),
    );
    expect(counts.done + counts.ignored).toBe(different.size);
  });

  it('leave every run, with its attempt', async () => {
    const ids = new Set(of('workflow_run').map(b => b.workflow_run?.id));
    expect(ids.size).toBeGreaterThan(1);
    for (const id of ids) {
      const [row] = await delivery
        .knex('run')
        .where('run_key', 'like', `%.${id}`);
      expect(row).toBeDefined();
      const run = await delivery.store.run(row.run_key);
      const attempts = await delivery.store.attempts(row.run_key);
      expect(run?.attempt).toBe(1);
      expect(attempts.map(a => a.attempt)).toEqual([1]);
      expect(run?.state.rawStatus).toEqual(expect.any(String));
    }
  });

  it('take the furthest state of a run whose deliveries contradict each other', async () => {
    const [row] = await delivery
      .knex('run')
      .where('run_key', 'like', '%.289782451');
    const run = await delivery.store.run(row.run_key);
    expect(run?.state).toMatchObject({ status: 'completed' });
  });

  it('leave every job with its steps', async () => {
    const ids = new Set(of('workflow_job').map(b => b.workflow_job?.id));
    expect(ids.size).toBeGreaterThan(2);
    for (const id of ids) {
      const last = of('workflow_job').filter(b => b.workflow_job?.id === id);
      const [row] = await delivery
        .knex('job')
        .where('job_key', 'like', `%.${id}`);
      expect(row).toBeDefined();
      const jobs = await delivery.store.jobs([row.run_key]);
      const job = jobs.find(item => item.jobKey === row.job_key);
      expect(last.map(b => b.workflow_job?.status)).toContain(
        job?.state.rawStatus,
      );
      expect(row.run_key).toMatch(
        new RegExp(`\\.${last[0].workflow_job?.run_id}$`),
      );
    }
  });

  it('leave every deployment with its newest status', async () => {
    const ids = new Set(of('deployment').map(b => b.deployment?.id));
    expect(ids.size).toBeGreaterThan(0);
    for (const id of ids) {
      const rows = await delivery
        .knex('deployment')
        .where('deployment_key', 'like', `%.${id}`);
      expect(rows).toHaveLength(1);
      expect(rows[0].environment).toBe(
        of('deployment').find(b => b.deployment?.id === id)?.deployment
          ?.environment,
      );
    }
    const statuses = await delivery.knex('deployment_status').select();
    const told = new Set(
      of('deployment_status').map(b => b.deployment_status?.id),
    );
    expect(statuses).toHaveLength(told.size);
  });

  it('of issues leave a hint to ask for incidents', async () => {
    const scopes = (await delivery.store.syncStates())
      .filter(({ lastEventAt }) => lastEventAt !== undefined)
      .map(({ scope }) => scope);
    expect(scopes).toEqual(
      expect.arrayContaining([
        'incidents:github.com/codertocat/hello-world',
        'incidents:github.com/octo-org/octo-repo',
      ]),
    );
    // None of the recorded pull requests was merged.
    expect(scopes.filter(scope => scope.startsWith('pulls:'))).toEqual([]);
  });

  it('leave every check', async () => {
    const ids = new Set(of('check_run').map(b => b.check_run?.id));
    expect(ids.size).toBeGreaterThan(2);
    for (const id of ids) {
      const rows = await delivery
        .knex('check_run')
        .where('check_key', 'like', `%.${id}`);
      expect(rows).toHaveLength(1);
    }
  });
});
