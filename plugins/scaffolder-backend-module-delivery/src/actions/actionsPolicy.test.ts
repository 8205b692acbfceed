import { Portal } from '../__testUtils__/makePortal';
import type { FakeRepository } from '../__testUtils__/FakeRepository';

let portal: Portal;
let repo: FakeRepository;
beforeEach(async () => {
  portal = await new Portal().start();
  repo = portal.github.repository('shop');
});
afterEach(() => portal.stop());

const hold = (changes = {}, start = {}) =>
  portal.run(
    'delivery:github:actions-policy',
    {
      repoUrl: portal.repoUrl('shop'),
      repositoryId: repo.id,
      allowedPatterns: ['acme/platform-workflows@*'],
      variables: { AWS_BUILD_REGION: 'eu-west-1' },
      ...changes,
    },
    start,
  );

const PATTERNS = [
  'aws-actions/*',
  'docker/*',
  'aquasecurity/trivy-action@*',
  'anchore/sbom-action@*',
  'slackapi/slack-github-action@*',
  'hashicorp/setup-terraform@*',
  'acme/platform-workflows@*',
  'acme/platform-workflows/.github/workflows/*@*',
];

describe('delivery:github:actions-policy', () => {
  it('holds a new private repository', async () => {
    const { outputs, error } = await hold();

    expect(error).toBeUndefined();
    expect(repo.permissions).toEqual({
      enabled: true,
      allowed_actions: 'selected',
      sha_pinning_required: true,
    });
    expect(repo.selected).toEqual({
      github_owned_allowed: true,
      verified_allowed: false,
      patterns_allowed: PATTERNS,
    });
    expect(repo.workflow).toEqual({
      default_workflow_permissions: 'read',
      can_approve_pull_request_reviews: false,
    });
    expect(repo.privateForks).toEqual({
      run_workflows_from_fork_pull_requests: true,
      send_write_tokens_to_workflows: false,
      send_secrets_and_variables: false,
      require_approval_for_fork_pr_workflows: true,
    });
    expect(repo.retention).toMatchObject({ days: 90 });
    expect(Object.fromEntries(repo.variables)).toEqual({
      AWS_BUILD_REGION: 'eu-west-1',
    });
    expect(outputs).toEqual({
      enabled: true,
      allowedActions: 'selected',
      shaPinningRequired: true,
      patternsAllowed: PATTERNS,
      defaultWorkflowPermissions: 'read',
      canApprovePullRequests: false,
      forkApproval: 'forks_need_approval',
      retentionDays: 90,
      variablesWritten: ['AWS_BUILD_REGION'],
      warnings: [],
    });
  });

  it('holds pull requests from forks of a public repository', async () => {
    repo.isPrivate = false;
    const { outputs, error } = await hold();

    expect(error).toBeUndefined();
    expect(outputs.forkApproval).toBe('all_external_contributors');
    expect(repo.forkApproval).toEqual({
      approval_policy: 'all_external_contributors',
    });
  });

  it('weakens nothing', async () => {
    repo.permissions = {
      enabled: true,
      allowed_actions: 'local_only',
      sha_pinning_required: false,
    };
    repo.retention = { days: 200, maximum_allowed_days: 400 };
    repo.privateForks = {
      run_workflows_from_fork_pull_requests: false,
      send_write_tokens_to_workflows: false,
      send_secrets_and_variables: false,
      require_approval_for_fork_pr_workflows: false,
    };
    const { outputs, error } = await hold();

    expect(error).toBeUndefined();
    expect(repo.permissions).toEqual({
      enabled: true,
      allowed_actions: 'local_only',
      sha_pinning_required: true,
    });
    expect(repo.retention.days).toBe(200);
    expect(outputs.forkApproval).toBe('forks_run_nothing');
    expect(outputs.warnings).toEqual([
      expect.stringMatching(/Only actions of this repository are allowed/),
    ]);
  });

  it('does not weaken the approval for forks', async () => {
    repo.isPrivate = false;
    repo.forkApproval = { approval_policy: 'all_external_contributors' };
    await hold({ forkApproval: 'first_time_contributors' });

    expect(repo.forkApproval.approval_policy).toBe('all_external_contributors');
  });

  it('keeps patterns that are there', async () => {
    repo.permissions.allowed_actions = 'selected';
    repo.selected.patterns_allowed = ['acme/own-action@*'];
    await hold();

    expect(repo.selected.patterns_allowed).toEqual([
      'acme/own-action@*',
      ...PATTERNS,
    ]);
  });

  it('keeps logs no longer than the organisation allows, and says so', async () => {
    repo.retention = { days: 10, maximum_allowed_days: 30 };
    const { outputs } = await hold();

    expect(outputs).toMatchObject({
      retentionDays: 30,
      warnings: ['Logs are kept 30 days: the organisation allows no more.'],
    });
  });

  it('warns of what the plan or the server lacks', async () => {
    repo.privateForks = undefined;
    repo.retention = undefined;
    delete repo.permissions.sha_pinning_required;
    portal.github.after = () => delete repo.permissions.sha_pinning_required;
    const { outputs, error } = await hold();

    expect(error).toBeUndefined();
    expect(outputs.warnings).toHaveLength(3);
    expect(outputs).not.toHaveProperty('forkApproval');
    expect(outputs).not.toHaveProperty('retentionDays');
  });

  it.each([409, 422])(
    'warns when the plan answers a change by %i',
    async status => {
      portal.github.faults = [
        { method: 'PUT', path: /fork-pr-workflows-private-repos/, status },
      ];
      const { outputs, error } = await hold();

      expect(error).toBeUndefined();
      expect(outputs.warnings).toHaveLength(1);
    },
  );

  it('fails when the organisation keeps the token strong', async () => {
    portal.github.after = () => {
      repo.workflow.default_workflow_permissions = 'write';
    };
    const { error, outputs } = await hold();

    expect(error?.message).toMatch(
      /GitHub Actions in acme\/shop is not held as wanted: the token of workflows may write/,
    );
    expect(outputs).toEqual({});
  });

  it.each(['', '/selected-actions', '/workflow'])(
    'says so when GitHub refuses %s, and a second run finishes',
    async path => {
      portal.github.faults = [
        {
          method: 'PUT',
          path: new RegExp(`permissions${path}$`),
          status: 403,
          body: { message: 'Resource not accessible by integration' },
        },
      ];
      const { error } = await hold();
      expect(error?.message).toMatch(
        /did not let you set up GitHub Actions in acme\/shop.*permission “Administration”/,
      );
      expect((await hold()).outputs).toMatchObject({
        defaultWorkflowPermissions: 'read',
        patternsAllowed: PATTERNS,
      });
    },
  );

  it('refuses names and patterns that make no sense', async () => {
    const { error } = await hold({
      allowedPatterns: ['no pattern'],
      variables: { lower: 'x' },
    });
    expect(error?.message).toMatch(/lower, no pattern/);
    expect(portal.github.asked).toEqual([]);
  });

  it('touches no other repository than the recorded one', async () => {
    expect((await hold({ repositoryId: 4 })).error?.message).toMatch(
      /another repository/,
    );
    expect(portal.github.writes()).toEqual([]);
  });

  it('only says what it would do in a dry run', async () => {
    const { outputs, log } = await hold({}, { isDryRun: true });

    expect(portal.github.asked).toEqual([]);
    expect(outputs.patternsAllowed).toEqual(PATTERNS);
    expect(log).toMatch(/Would hold GitHub Actions of acme\/shop/);
  });
});
