/** The actions that rendered workflows may use: repository, tag and the commit that the tag had when it was read. */
export const PINNED_ACTIONS: Readonly<
  Record<string, { readonly tag: string; readonly sha: string }>
> = {
  'actions/checkout': {
    tag: 'v7.0.1',
    sha: '3d3c42e5aac5ba805825da76410c181273ba90b1',
  },
  'actions/setup-node': {
    tag: 'v7.0.0',
    sha: '820762786026740c76f36085b0efc47a31fe5020',
  },
  'actions/setup-python': {
    tag: 'v7.0.0',
    sha: '5fda3b95a4ea91299a34e894583c3862153e4b97',
  },
  'actions/upload-artifact': {
    tag: 'v7.0.0',
    sha: 'bbbca2ddaa5d8feaa63e36b76fdaad77386f024f',
  },
  'actions/attest': {
    tag: 'v4.2.2',
    sha: '1e69f48acb82d1966a394da916b4c1698aa569d6',
  },
  'docker/setup-buildx-action': {
    tag: 'v4.3.0',
    sha: '37fe631027851001ddb9b187196cc803df7f5f0e',
  },
  'docker/build-push-action': {
    tag: 'v7.3.0',
    sha: '53b7df96c91f9c12dcc8a07bcb9ccacbed38856a',
  },
  'aws-actions/configure-aws-credentials': {
    tag: 'v6.2.3',
    sha: 'e6de054238d6b7531b4efff3b6587d9aade6a06c',
  },
  'aws-actions/amazon-ecr-login': {
    tag: 'v2.1.7',
    sha: '03f1aad4c6c7ffd436567f42f9384779290529bd',
  },
  'aws-actions/amazon-ecs-render-task-definition': {
    tag: 'v1.9.0',
    sha: '138c24f321fdbdf7edee4a685519d253cae2cdea',
  },
  'aws-actions/amazon-ecs-deploy-task-definition': {
    tag: 'v2.6.3',
    sha: 'c465972ecbd160473f22e683363b422a5412a3de',
  },
  'aquasecurity/trivy-action': {
    tag: 'v0.36.0',
    sha: 'ed142fd0673e97e23eac54620cfb913e5ce36c25',
  },
  'github/codeql-action': {
    tag: 'v4.36.2',
    sha: '8aad20d150bbac5944a9f9d289da16a4b0d87c1e',
  },
  'slackapi/slack-github-action': {
    tag: 'v4.0.0',
    sha: 'dcb1066f776dd043e64d0e8ba94ca15cc7e1875d',
  },
  'hashicorp/setup-terraform': {
    tag: 'v4.0.1',
    sha: 'dfe3c3f87815947d99a8997f908cb6525fc44e9e',
  },
  'anchore/sbom-action': {
    tag: 'v0.24.0',
    sha: 'e22c389904149dbc22b58101806040fa8d37a610',
  },
};
