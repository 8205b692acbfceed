import { parse } from 'yaml';
import type { Repository } from './decisionsOutput';
import {
  ancestors,
  callsOf,
  stepsOf,
  unless,
  withoutComments,
  type Check,
} from './decisionsProof';

/** Two components with Terraform: promotion, blue/green, infrastructure. */

const ECS = 'infrastructure/modules/ecs/main.tf';

const productionNeverBuilds: Check = output =>
  [
    ...callsOf(
      [output.workflow('terraform', 'cd-production.yml')],
      'ecs-build.yml',
    ),
    ...stepsOf([output.workflow('terraform', 'cd-production.yml')]).filter(
      ({ step }) =>
        /docker build|build-push-action/.test(`${step.run} ${step.uses}`),
    ),
  ].map(({ where }) => `${where}: builds for production`);

const blueGreenIsNative: Check = output => {
  const module = output.text('terraform', ECS);
  return [
    ...(
      [
        [/strategy {13}= "BLUE_GREEN"/, 'is not blue/green'],
        [/bake_time_in_minutes = [1-9]/, 'does not bake'],
        [/test_listener_rule/, 'has no test listener'],
        [
          /target_type {6}= "PAUSE"\s+lifecycle_stages = \["POST_TEST_TRAFFIC_SHIFT"\]/,
          'does not wait for the smoke test',
        ],
        [/action {13}= "ROLLBACK"/, 'goes on when nobody answers'],
      ] as const
    ).flatMap(([fits, sentence]) =>
      unless(fits.test(module), `terraform: the service ${sentence}`),
    ),
    ...unless(
      /--action CONTINUE/.test(
        String(
          output.step('platform', 'ecs-deploy.yml', 'settle', 'continue').run,
        ),
      ) &&
        output.step('platform', 'ecs-deploy.yml', 'deploy', 'pause').run !==
          undefined,
      'nobody continues the deployment',
    ),
  ];
};

const failedTestsGoBack: Check = output => {
  const staging = output.workflow('terraform', 'cd-staging.yml');
  return [
    ...unless(
      ancestors(staging, 'verified').has('e2e'),
      'terraform: verified without end-to-end tests',
    ),
    ...['frontend', 'backend'].flatMap(part => {
      const back = staging.jobs[`rollback-${part}`];
      return unless(
        back !== undefined &&
          /^always\(\)/.test(String(back.if)) &&
          /needs\.e2e\.result != 'success'/.test(String(back.if)),
        `terraform: ${part} stays when the tests fail`,
      );
    }),
  ];
};

const approvedPlanIsApplied: Check = output =>
  ['staging', 'production'].flatMap(environment => {
    const apply = output.job('terraform', 'infra.yml', `apply-${environment}`);
    const script = String(
      output.step('terraform', 'infra.yml', `apply-${environment}`, 'apply')
        .run,
    );
    const planned = String(
      output.step('terraform', 'infra.yml', `plan-${environment}`, 'plan').run,
    );
    return [
      ...unless(
        [apply.needs].flat().includes(`plan-${environment}`),
        `terraform: ${environment} is applied without a plan`,
      ),
      ...unless(
        (apply.environment as { name?: string })?.name ===
          `infra-${environment}`,
        `terraform: nobody approves ${environment}`,
      ),
      ...unless(
        /sha256sum --check[^]*terraform apply .*saved\.tfplan/.test(script) &&
          !/terraform plan/.test(script),
        `terraform: ${environment} applies another plan than was approved`,
      ),
      ...unless(
        /--sse aws:kms/.test(planned),
        `terraform: the plan of ${environment} lies open`,
      ),
    ];
  });

const stateHasALock: Check = output =>
  (['staging', 'production'] as const).flatMap(environment => {
    const root = `infrastructure/environments/${environment}`;
    return [
      ...unless(
        /use_lockfile = true/.test(
          output.text('terraform', `${root}/backend.tf`),
        ),
        `terraform: ${environment} has no lock`,
      ),
      ...unless(
        /required_version = "[^"]+"[^]*version = "[^"]+"/.test(
          output.text('terraform', `${root}/versions.tf`),
        ),
        `terraform: ${environment} takes any version`,
      ),
      ...unless(
        /allowed_account_ids = \[var\.account_id\]/.test(
          output.text('terraform', `${root}/versions.tf`),
        ),
        `terraform: ${environment} may be applied to any account`,
      ),
    ];
  });

const accountsDiffer: Check = output => {
  const accounts = ['staging', 'production'].map(
    environment =>
      /"(\d{12})"/.exec(
        output.text(
          'terraform',
          `infrastructure/environments/${environment}/variables.tf`,
        ),
      )?.[1],
  );
  return [
    ...stateHasALock(output),
    ...unless(
      accounts[0] !== undefined && accounts[0] !== accounts[1],
      'terraform: one account for both',
    ),
  ];
};

const infrastructureIsApart: Check = output => [
  ...['ci.yml', 'cd-staging.yml', 'cd-production.yml', 'rollback.yml']
    .filter(file =>
      /terraform /.test(withoutComments(output.text('terraform', file))),
    )
    .map(file => `terraform: ${file} changes the infrastructure`),
  ...unless(
    'schedule' in output.workflow('terraform', 'drift.yml').on,
    'terraform: nobody looks for drift',
  ),
  ...unless(
    /-detailed-exitcode/.test(
      String(output.step('terraform', 'drift.yml', 'plan', 'plan').run),
    ),
    'terraform: drift is not told from agreement',
  ),
];

const verifiedMeansTested: Check = output => {
  const script = output.text('terraform', 'scripts/resolve-verified.sh');
  return [
    ...unless(
      /vouches "\$run" \|\| continue/.test(script) &&
        /develop success/.test(script),
      'terraform: any run may vouch',
    ),
    ...unless(
      /\$backend/.test(
        String(
          output.step(
            'terraform',
            'cd-staging.yml',
            'verified',
            'record-verified',
          ).run,
        ),
      ),
      'terraform: the record names no digest',
    ),
  ];
};

const treesAreCompared: Check = output =>
  unless(
    /rev-parse 'HEAD\^\{tree\}'/.test(
      output.text('terraform', 'scripts/resolve-verified.sh'),
    ),
    'terraform: a merge commit finds no image',
  );

const eventsAreNarrow: Check = output =>
  output
    .workflows()
    .filter(
      ({ on }) =>
        'push' in on &&
        (on.push as { branches?: string[] } | null)?.branches === undefined,
    )
    .map(({ path }) => `${path}: runs for a push of any branch`);

const terraformLeavesWhatRuns: Check = output =>
  (
    [
      ['terraform', ECS, /ignore_changes = \[task_definition/, 1],
      [
        'terraform',
        'infrastructure/modules/alb/main.tf',
        /ignore_changes = \[action\]/,
        2,
      ],
      [
        'python',
        'infra/terraform/service.tf',
        /ignore_changes {2}= \[task_definition/,
        1,
      ],
    ] as const
  ).flatMap(([repository, path, fits, times]) =>
    unless(
      output.text(repository as Repository, path).split(fits).length > times,
      `${repository}: ${path} puts back what the pipeline brought`,
    ),
  );

const plansStayPrivate: Check = output => [
  ...output
    .paths('terraform', /\.tfvars$/)
    .map(path => `terraform: ${path} is checked in`),
  ...unless(
    /^\*\.tfplan$/m.test(output.text('terraform', '.gitignore')),
    'terraform: a plan may be checked in',
  ),
  ...stepsOf(output.workflows('terraform'))
    .filter(
      ({ step }) =>
        /upload-artifact/.test(step.uses ?? '') &&
        /tfplan/.test(String(step.with?.path)),
    )
    .map(({ where }) => `${where}: shows the plan to every reader`),
  ...unless(
    /Prefix: plans\/\s+ExpirationInDays: 30/.test(
      output.text('terraform', 'infrastructure/bootstrap/state.yaml'),
    ),
    'terraform: saved plans are kept for ever',
  ),
];

const runningIsRescanned: Check = output => {
  const scan = output.workflow('terraform', 'security-scan.yml');
  const { schedule } = scan.on as { schedule?: { cron: string }[] };
  const { updates } = parse(
    output.text('terraform', '.github/dependabot.yml'),
  ) as { updates: unknown[] };
  return [
    ...unless(
      /^\d+ \d+ \* \* \*$/.test(schedule?.[0]?.cron ?? ''),
      'terraform: not every day',
    ),
    ...unless(
      scan.jobs.running?.steps?.some(
        ({ with: input }) =>
          input?.['image-ref'] === '${{ steps.running.outputs.image }}',
      ) === true,
      'terraform: what runs is not scanned',
    ),
    ...unless(updates.length >= 4, 'terraform: something is never raised'),
  ];
};

export const TERRAFORM_CHECKS = {
  productionNeverBuilds,
  blueGreenIsNative,
  failedTestsGoBack,
  approvedPlanIsApplied,
  stateHasALock,
  accountsDiffer,
  infrastructureIsApart,
  verifiedMeansTested,
  treesAreCompared,
  eventsAreNarrow,
  terraformLeavesWhatRuns,
  plansStayPrivate,
  runningIsRescanned,
} satisfies Record<string, Check>;
