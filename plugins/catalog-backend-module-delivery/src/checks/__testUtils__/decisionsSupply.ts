import { parse } from 'yaml';
import { SERVICES, type Repository } from './decisionsOutput';
import {
  ancestors,
  jobsOf,
  stepsOf,
  unless,
  type Check,
} from './decisionsProof';
import { RULES } from './rules';

/** What is let in: actions and tools by their hash, scans, dependencies, secrets. */

const rule =
  (name: keyof typeof RULES): Check =>
  output =>
    output.workflows().flatMap(workflow => RULES[name](workflow));

const scansCanFail: Check = output =>
  stepsOf(output.workflows())
    .filter(({ step }) => step.uses?.startsWith('aquasecurity/trivy-action@'))
    .filter(
      ({ step }) =>
        step.with?.['exit-code'] !== '1' ||
        step.with.severity !== 'CRITICAL,HIGH',
    )
    .map(({ where }) => `${where}: a scan that cannot fail`);

const sarifIsShown: Check = output => [
  ...stepsOf(output.workflows())
    .filter(({ step }) => step.with?.format === 'sarif')
    .filter(
      ({ step, job }) =>
        !job.steps?.some(
          other =>
            other.uses?.startsWith('github/codeql-action/upload-sarif@') &&
            other.with?.sarif_file === step.with?.output,
        ),
    )
    .map(({ where }) => `${where}: findings that nobody sees`),
  ...output
    .workflows()
    .filter(({ text }) => /snyk/i.test(text))
    .map(({ path }) => `${path}: Snyk has no token`),
];

const dependenciesAreRaised: Check = output =>
  SERVICES.flatMap(repository => {
    const { updates } = parse(
      output.text(repository, '.github/dependabot.yml'),
    ) as {
      updates: { 'package-ecosystem': string }[];
    };
    const ecosystems = updates.map(update => update['package-ecosystem']);
    // Dependabot cannot write the lock file of Python with its hashes.
    return [
      ...(repository === 'python' ? [] : ['npm']),
      'docker',
      'github-actions',
    ]
      .filter(wanted => !ecosystems.includes(wanted))
      .map(wanted => `${repository}: Dependabot does not raise ${wanted}`);
  });

const secretsAreSoughtFirst: Check = output => {
  const FIRST: readonly (readonly [Repository, string])[] = [
    ['platform', 'ci.yml'],
    ['node', 'pipeline.yml'],
    ['python', 'ci.yml'],
    ['worker', 'app-pr.yml'],
    ['worker', 'app-deploy.yml'],
    ['terraform', 'ci.yml'],
  ];
  return FIRST.flatMap(([repository, file]) => {
    const workflow = output.workflow(repository, file);
    const isScan = (run = '') =>
      /docker run .*"\$(GITLEAKS_)?IMAGE" git /.test(run);
    const scanning = jobsOf([workflow]).filter(({ job }) =>
      job.steps?.some(({ run }) => isScan(run)),
    );
    const installing = stepsOf([workflow]).filter(({ step }) =>
      /npm ci|pip install|docker build/.test(step.run ?? ''),
    );
    return [
      ...unless(scanning.length > 0, `${workflow.path}: no secret scan`),
      ...scanning.flatMap(({ job: { steps = [] }, where }) => [
        ...unless(
          steps.findIndex(({ run }) => run !== undefined) ===
            steps.findIndex(({ run }) => isScan(run)),
          `${where}: the scan is not the first`,
        ),
        ...unless(
          steps.some(({ with: input }) => input?.['fetch-depth'] === 0),
          `${where}: scans the last commit only`,
        ),
      ]),
      ...installing
        .filter(
          ({ name }) =>
            !scanning.some(
              scan =>
                scan.name === name || ancestors(workflow, name).has(scan.name),
            ),
        )
        .map(({ where }) => `${where}: installs before secrets are sought`),
    ];
  });
};

const actionsArePinned: Check = output => [
  ...rule('actionsArePinned')(output),
  // That one reads lines, for the comment with the tag, and does not see what is written another way.
  ...jobsOf(output.workflows())
    .flatMap(({ job, where }) =>
      [job, ...(job.steps ?? [])].map(({ uses = '' }) => ({ uses, where })),
    )
    .filter(
      ({ uses }) =>
        uses !== '' &&
        !uses.startsWith('./.github/workflows/') &&
        !/@[0-9a-f]{40}$/.test(uses),
    )
    .map(({ uses, where }) => `${where}: ${uses} may be moved`),
];

export const SUPPLY_CHECKS = {
  scansCanFail,
  sarifIsShown,
  dependenciesAreRaised,
  secretsAreSoughtFirst,
  actionsArePinned,
  imagesHaveDigests: rule('imagesHaveDigests'),
  artifactsExpire: rule('artifactsExpire'),
} satisfies Record<string, Check>;
