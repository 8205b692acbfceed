import type { JsonObject } from '../../fillTemplate';
import type { TemplateId } from './templates';

/** What a person may choose in the forms, as far as it changes what is rendered. */
export interface SampleOptions {
  readonly name?: string;
  readonly description?: string;
  readonly system?: string;
  /** `org/slug`; empty for an owner without a team at GitHub. */
  readonly team?: string;
  /** node-ecs-service: services of one repository share code. */
  readonly monorepo?: boolean;
}

const digest = (letter: string) => `sha256:${letter.repeat(64)}`;

/** Commit that rendered services pin. */
export const WORKFLOWS_SHA = 'c0ffee'.repeat(7).slice(0, 40);

/** Repository of the reusable workflows in rendered output. */
export const WORKFLOWS_REPOSITORY = 'acme/platform-workflows';

const IMAGES = {
  node: `node:24-bookworm-slim@${digest('a')}`,
  python: `python:3.13-slim-bookworm@${digest('b')}`,
  postgres: `postgres:17-bookworm@${digest('c')}`,
  gitleaks: `ghcr.io/gitleaks/gitleaks:v8.28.0@${digest('d')}`,
  cosign: `ghcr.io/sigstore/cosign/cosign:v2.6.1@${digest('e')}`,
};

const ACCOUNTS: Record<string, string> = {
  dev: '222222222222',
  qa: '333333333333',
  staging: '444444444444',
  production: '555555555555',
};

function environments(names: readonly string[]) {
  return names.map(name => ({
    name,
    tier: name,
    accountId: ACCOUNTS[name],
    region: 'eu-west-1',
    cluster: `acme-${name}`,
    approval: name === 'production',
  }));
}

const SETS: Partial<Record<TemplateId, [string, string[]]>> = {
  'worker-cdk-service': [
    'four-accounts',
    ['dev', 'qa', 'staging', 'production'],
  ],
  'terraform-bluegreen-service': ['blue-green', ['staging', 'production']],
};

/** What the template's fetch step gets for a person who fills the form like this. */
export function sampleValues(
  id: TemplateId,
  options: SampleOptions = {},
): JsonObject {
  const { name = 'shipping-quotes', description = 'Quotes for parcels' } =
    options;
  const [environmentSet, names] = SETS[id] ?? [
    'standard',
    ['staging', 'production'],
  ];
  const monorepo = options.monorepo ?? false;
  const own = {
    name,
    description,
    owner: 'group:default/platform',
    system: options.system ?? '',
    team: options.team ?? 'acme/platform',
    images: IMAGES,
    template: { id, version: '1.0.0' },
  };
  if (id === 'platform-workflows') {
    const repository = WORKFLOWS_REPOSITORY;
    return {
      ...own,
      repository: place(repository),
      visibility: 'internal',
      imageProof: 'attestation',
    };
  }
  return {
    ...own,
    repository: place(`acme/${name}`),
    workflows: {
      repository: WORKFLOWS_REPOSITORY,
      sha: WORKFLOWS_SHA,
      version: 'v2.0.0',
    },
    registry: { accountId: '111111111111', region: 'eu-west-1' },
    serviceUrl: 'https://{name}.{environment}.acme.example',
    environments: environments(names),
    environmentSet,
    ...(id === 'node-ecs-service' && {
      monorepo,
      root: monorepo ? `services/${name}` : '.',
      utils: monorepo ? 'packages/utils/src' : 'src/utils',
    }),
  };
}

function place(slug: string) {
  const [owner, name] = slug.split('/');
  return { host: 'github.com', owner, name, slug };
}
