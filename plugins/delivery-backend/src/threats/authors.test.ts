import { deploymentStatus } from '../__testUtils__/githubPayloads';
import { startActing } from '../__testUtils__/startActing';
import { until } from '../__testUtils__/startDelivery';

const BASE = 'c'.repeat(40);
const STRICT = {
  environmentSets: {
    strict: {
      appliesTo: { 'metadata.name': 'api' },
      environments: [
        { name: 'production', policy: { unknownAuthors: 'refuse' } },
      ],
    },
  },
};

async function startWithProduction(config?: object, run: object = {}) {
  const acting = await startActing({ config });
  const approval = await acting.gated({ id: 300, ...run });
  await acting.deliver(
    'deployment_status',
    deploymentStatus('acme/api', {
      ...{ id: 78, environment: 'production', state: 'success' },
      ...{ sha: BASE, runId: 300 },
    }),
  );
  await acting.settled();
  await until(async () => {
    const rows = await acting.store.environments.environments(
      'component:default/api',
    );
    return rows.some(row => row.environment.commit?.sha === BASE);
  }, 'what runs in production');
  return {
    acting,
    async approve(login: string) {
      const { viewHash } = await acting.look(approval.id);
      const { body } = await acting
        .decide(approval.id, login, { viewHash })
        .expect(202);
      return acting.ended(body.operationId);
    },
  };
}

const commit = (author?: string) => ({
  sha: 'a'.repeat(40),
  message: 'A change',
  author,
});

const ROLLBACK = {
  event: 'workflow_dispatch',
  path: '.github/workflows/rollback.yml',
  title: `Roll back api in production to ${'e'.repeat(40)}`,
};

describe('threats around authors', () => {
  it('an author of the range cannot approve', async () => {
    const { acting, approve } = await startWithProduction();
    acting.github.range = { status: 'ahead', commits: [commit('cleo')] };
    const { state, outcome } = await approve('cleo');
    expect({ state, code: outcome?.code }).toEqual({
      state: 'refused',
      code: 'self_review',
    });
    expect(acting.github.decisions()).toEqual([]);
    await acting.stopAll();
  });

  it('spoofed or unmapped author: refused where the policy is strict', async () => {
    const { acting, approve } = await startWithProduction(STRICT);
    acting.github.range = { status: 'ahead', commits: [commit(undefined)] };
    const { state, outcome } = await approve('cleo');
    expect({ state, code: outcome?.code }).toEqual({
      state: 'refused',
      code: 'unknown_author',
    });
    expect(acting.github.decisions()).toEqual([]);
    await acting.stopAll();
  });

  it('spoofed or unmapped author: a shown warning by default', async () => {
    const { acting, approve } = await startWithProduction();
    acting.github.range = { status: 'ahead', commits: [commit(undefined)] };
    const [approval] = await acting.waiting();
    const { policy } = await acting.look(approval.id);
    expect(policy).toContainEqual(
      expect.objectContaining({ code: 'unknown_author', state: 'warn' }),
    );
    expect((await approve('cleo')).state).toBe('succeeded');
    await acting.stopAll();
  });

  it('251 commits: what could not be read counts as unknown authors', async () => {
    const { acting, approve } = await startWithProduction(STRICT);
    acting.github.range = {
      status: 'ahead',
      commits: Array.from({ length: 250 }, () => commit('dana')),
      total: 251,
    };
    const { state, outcome } = await approve('cleo');
    expect({ state, code: outcome?.code }).toEqual({
      state: 'refused',
      code: 'unknown_author',
    });
    await acting.stopAll();
  });

  it('a co-author of the range cannot approve', async () => {
    const { acting, approve } = await startWithProduction();
    const cleo = acting.github.accounts.get('cleo')?.id;
    acting.github.range = {
      status: 'ahead',
      commits: [
        {
          ...commit('dana'),
          message: `A change\n\nCo-authored-by: Cleo <${cleo}+cleo@users.noreply.github.com>`,
        },
      ],
    };
    const { state, outcome } = await approve('cleo');
    expect({ state, code: outcome?.code }).toEqual({
      state: 'refused',
      code: 'self_review',
    });
    await acting.stopAll();
  });

  it('a rollback goes back on purpose: neither order nor authors hinder, but whoever asked for it cannot approve', async () => {
    const { acting, approve } = await startWithProduction(STRICT, ROLLBACK);
    await acting.store.approvals.saveRequest('github_com.300', {
      ...{ userRef: 'user:default/dana', accountId: '501', attempt: 1 },
      entityRef: 'component:default/api',
    });
    acting.github.range = { status: 'behind', commits: [] };
    acting.github.reviewers.push('dana');
    const [approval] = await acting.waiting();
    const shown = await acting.look(approval.id);
    expect(shown.risk.map(({ code }) => code)).toEqual(['rollback']);
    expect(JSON.stringify(shown.changes)).toContain('eeeeeee');
    const own = await approve('dana');
    expect(own.state).toBe('refused');
    expect(['self_review', 'not_eligible']).toContain(own.outcome?.code);
    expect((await approve('cleo')).state).toBe('succeeded');
    await acting.stopAll();
  });

  it('a workflow that only bears the name of the rollback is asked like any other', async () => {
    const { acting, approve } = await startWithProduction(STRICT, ROLLBACK);
    acting.github.range = { status: 'behind', commits: [] };
    const { state, outcome } = await approve('cleo');
    expect({ state, code: outcome?.code }).toEqual({
      state: 'refused',
      code: 'would_downgrade',
    });
    expect(acting.github.decisions()).toEqual([]);
    await acting.stopAll();
  });
});
