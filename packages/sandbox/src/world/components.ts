/** A component of the catalog and where it lives at GitHub. */
export interface WorldComponent {
  name: string;
  repo: { owner: string; name: string };
  /** Folders of its part of the repository; `['']` for the whole. */
  paths: string[];
  /** The same as globs, as in `delivery.platform/paths`. */
  globs: string[];
  /** File names under `.github/workflows`. */
  workflows: string[];
  /** Label of its issues, where the repository has other components, too. */
  label?: string;
}

/** Repositories of several components: their issues say by a label whose they are. */
const MONOREPOS = ['vaultex', 'eventflow'];

const component = (
  name: string,
  slug: string,
  paths: string[],
  workflows: string[],
): WorldComponent => {
  const [owner, repo] = slug.split('/');
  const globs = paths.map(path => (path === '' ? '**' : `${path}/**`));
  return {
    name,
    repo: { owner, name: repo },
    paths,
    globs,
    workflows,
    ...(MONOREPOS.includes(repo) ? { label: `service:${name}` } : {}),
  };
};

const EVENTFLOW = [
  'ci.yml',
  'cd-staging.yml',
  'cd-production.yml',
  'security-scan.yml',
];

/** All components, as the `catalog-info.yaml` files of the repositories say. */
export const COMPONENTS: readonly WorldComponent[] = [
  component(
    'vaultex-api',
    'vaultex/vaultex',
    ['services/api', 'packages/utils'],
    ['api-pipeline.yml', 'rollback.yml'],
  ),
  component(
    'vaultex-ledger',
    'vaultex/vaultex',
    ['services/ledger', 'packages/utils'],
    ['ledger-pipeline.yml', 'rollback.yml'],
  ),
  component(
    'cicd-platform',
    'acme/cicd-platform',
    [''],
    ['ci.yml', 'deploy.yml', 'rollback.yml'],
  ),
  component(
    'order-processing',
    'flexi/order-processing',
    ['app', 'infra'],
    [
      'app-pr.yml',
      'app-deploy.yml',
      'infra-pr.yml',
      'infra-deploy.yml',
      'rollback.yml',
    ],
  ),
  component(
    'eventflow-backend',
    'eventflow/eventflow',
    ['backend', 'infrastructure'],
    EVENTFLOW,
  ),
  component(
    'eventflow-frontend',
    'eventflow/eventflow',
    ['frontend'],
    EVENTFLOW,
  ),
  component('legacy-billing', 'acme/legacy-billing', [''], ['deploy.yml']),
];

/** The component of that name; for a repository (`vaultex`, `vaultex/vaultex`) its first component. */
export function componentOf(name: string): WorldComponent | undefined {
  const wanted = name.toLowerCase();
  return (
    COMPONENTS.find(item => item.name === wanted) ??
    COMPONENTS.find(
      ({ repo }) =>
        repo.name === wanted || `${repo.owner}/${repo.name}` === wanted,
    )
  );
}
