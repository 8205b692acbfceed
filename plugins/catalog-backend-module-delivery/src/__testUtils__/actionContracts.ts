/** What an action takes and gives, as far as the templates may rely on it. */
export interface ActionContract {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Whether it acts at GitHub for the person, so that it has to have the person's token. */
  readonly asPerson?: boolean;
}

const github = ['repoUrl', 'token'];

/** The actions that templates may use. */
export const ACTIONS: Readonly<Record<string, ActionContract>> = {
  'delivery:plan': {
    asPerson: true,
    inputs: [
      ...github,
      'template',
      'name',
      'owner',
      'reviewers',
      'environments',
      'infrastructure',
      'registry',
      'serviceUrl',
      'imageProof',
      'signingKey',
      'slackChannel',
      'datadogSite',
    ],
    outputs: [
      'repositoryExists',
      'team',
      'creator',
      'environments',
      'repositoryVariables',
      'onboardingEnvironments',
    ],
  },
  'github:repo:create': {
    asPerson: true,
    inputs: [
      ...github,
      'description',
      'repoVisibility',
      'access',
      'workflowAccess',
      'allowMergeCommit',
      'deleteBranchOnMerge',
      'hasWiki',
    ],
    outputs: ['remoteUrl', 'repoContentsUrl'],
  },
  'delivery:github:repo-facts': {
    asPerson: true,
    inputs: [...github, 'ref', 'defaultBranch'],
    outputs: [
      'repositoryId',
      'ownerId',
      'slug',
      'host',
      'htmlUrl',
      'contentsUrl',
      'defaultBranch',
      'visibility',
      'empty',
      'admin',
      'subjectPrefix',
      'sha',
      'version',
      'reviewersAvailable',
    ],
  },
  'github:actions:dispatch': {
    asPerson: true,
    inputs: [
      ...github,
      'workflowId',
      'branchOrTagName',
      'workflowInputs',
      'returnWorkflowRunDetails',
    ],
    outputs: ['workflowRunId', 'workflowRunUrl', 'workflowRunHtmlUrl'],
  },
  'delivery:github:run:wait': {
    asPerson: true,
    inputs: [
      ...github,
      'runId',
      'headSha',
      'branch',
      'workflow',
      'until',
      'timeoutSeconds',
    ],
    outputs: ['runId', 'htmlUrl', 'status', 'conclusion'],
  },
  'delivery:github:environment:ensure': {
    asPerson: true,
    inputs: [
      ...github,
      'repositoryId',
      'name',
      'requireReviewers',
      'reviewers',
      'branches',
      'variables',
    ],
    outputs: ['environmentId', 'reviewers'],
  },
  'delivery:github:actions-policy': {
    asPerson: true,
    inputs: [...github, 'repositoryId', 'allowedPatterns', 'variables'],
    outputs: [],
  },
  'fetch:template': {
    inputs: ['url', 'templateFileExtension', 'values'],
    outputs: [],
  },
  'github:repo:push': {
    asPerson: true,
    inputs: [
      ...github,
      'defaultBranch',
      'protectDefaultBranch',
      'gitCommitMessage',
    ],
    outputs: ['remoteUrl', 'repoContentsUrl', 'commitHash'],
  },
  'delivery:github:ruleset:ensure': {
    asPerson: true,
    inputs: [
      ...github,
      'repositoryId',
      'name',
      'branch',
      'requiredChecks',
      'reviews',
      'codeOwners',
    ],
    outputs: ['rulesetId'],
  },
  'catalog:fetch': { inputs: ['entityRef'], outputs: ['entity'] },
  'catalog:register': {
    inputs: ['repoContentsUrl', 'catalogInfoPath', 'optional'],
    outputs: ['entityRef', 'catalogInfoUrl'],
  },
  'delivery:verify': {
    asPerson: true,
    inputs: [
      ...github,
      'repositoryId',
      'environments',
      'rulesetName',
      'entityRef',
      'workflows',
      'onboardingRepository',
      'onboardingRunId',
      'firstRunId',
    ],
    outputs: ['ok', 'items', 'markdown'],
  },
};
