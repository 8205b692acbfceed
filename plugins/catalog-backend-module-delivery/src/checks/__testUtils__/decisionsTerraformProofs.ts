import { addFile, addStep, swap, type Proofs } from './decisionsProof';

/** Defects that the checks of decisionsTerraform.ts have to see. */

const terraform = (file: string, from: RegExp | string, to: string) =>
  swap('terraform', file, from, to);
const ECS = 'infrastructure/modules/ecs/main.tf';
const PRODUCTION = 'infrastructure/environments/production';
const CALLED = 'ecs-deploy.yml@';

export const TERRAFORM_PROOFS: Proofs = {
  'E-6': [
    [
      'productionNeverBuilds',
      addStep(
        'terraform',
        'cd-production.yml',
        '{ run: docker build ./backend }',
      ),
    ],
    [
      'productionNeverBuilds',
      terraform('cd-production.yml', CALLED, 'ecs-build.yml@'),
    ],
  ],
  'E-10': [
    ['blueGreenIsNative', terraform(ECS, '"BLUE_GREEN"', '"ROLLING"')],
    [
      'blueGreenIsNative',
      terraform(ECS, 'test_listener_rule', 'other_listener_rule'),
    ],
  ],
  'E-15': [
    [
      'failedTestsGoBack',
      terraform(
        'cd-staging.yml',
        'needs: [backend, frontend, e2e]',
        'needs: [backend, frontend]',
      ),
    ],
    [
      'failedTestsGoBack',
      terraform(
        'cd-staging.yml',
        "if: always() && needs.frontend.result == 'success'",
        "if: needs.frontend.result == 'success'",
      ),
    ],
  ],
  'E-16': [
    [
      'readersAreTrusted',
      swap(
        'platform',
        'onboarding/service-roles.yaml',
        /, !Sub '\$\{Subject\}:ref:refs\/heads\/main'\]/,
        ']',
      ),
    ],
    [
      'approvedPlanIsApplied',
      terraform(
        'infra.yml',
        'terraform apply -input=false -no-color saved.tfplan',
        'terraform apply -input=false -auto-approve',
      ),
    ],
    [
      'approvedPlanIsApplied',
      terraform(
        'infra.yml',
        /^ *name: infra-production\n/m,
        '      name: other\n',
      ),
    ],
  ],
  'E-17': [
    [
      'stateHasALock',
      terraform(`${PRODUCTION}/backend.tf`, /^ *use_lockfile = true\n/m, ''),
    ],
  ],
  'E-18': [
    [
      'readersAreTrusted',
      swap(
        'platform',
        'onboarding/service-roles.yaml',
        /, !Sub '\$\{Subject\}:ref:refs\/heads\/main'\]/,
        ']',
      ),
    ],
    [
      'infrastructureIsApart',
      addStep(
        'terraform',
        'cd-staging.yml',
        '{ run: terraform apply -auto-approve }',
      ),
    ],
    [
      'infrastructureIsApart',
      terraform('drift.yml', ' -detailed-exitcode', ''),
    ],
  ],
  'E-19': [
    [
      'verifiedMeansTested',
      terraform(
        'scripts/resolve-verified.sh',
        'vouches "$run" || continue',
        'true',
      ),
    ],
  ],
  'E-20': [
    [
      'blueGreenIsNative',
      terraform(ECS, /bake_time_in_minutes = 10/, 'bake_time_in_minutes = 0'),
    ],
    [
      'deploymentsUndoThemselves',
      terraform(
        ECS,
        /alarms \{\s+enable\s+= true/,
        'alarms {\n    enable      = false',
      ),
    ],
  ],
  'E-22': [
    [
      'eventsAreNarrow',
      terraform('ci.yml', 'push:\n    branches: [main, develop]\n', 'push:\n'),
    ],
  ],
  'E-25': [
    [
      'terraformLeavesWhatRuns',
      terraform(
        ECS,
        'ignore_changes = [task_definition',
        'ignore_changes = [desired_count',
      ),
    ],
    [
      'terraformLeavesWhatRuns',
      terraform(
        'infrastructure/modules/alb/main.tf',
        'ignore_changes = [action]',
        'ignore_changes = []',
      ),
    ],
  ],
  'E-26': [
    [
      'plansStayPrivate',
      addFile(
        'terraform',
        `${PRODUCTION}/terraform.tfvars`,
        'password = "x"\n',
      ),
    ],
    [
      'plansStayPrivate',
      addStep(
        'terraform',
        'infra.yml',
        '{ uses: actions/upload-artifact@v4, with: { path: saved.tfplan } }',
      ),
    ],
  ],
  'E-27': [
    [
      'treesAreCompared',
      terraform(
        'scripts/resolve-verified.sh',
        "rev-parse 'HEAD^{tree}'",
        'rev-parse HEAD',
      ),
    ],
  ],
  'E-28': [
    [
      'accountsDiffer',
      terraform(
        `${PRODUCTION}/versions.tf`,
        /^ *allowed_account_ids = .*\n/m,
        '',
      ),
    ],
    [
      'accountsDiffer',
      terraform(`${PRODUCTION}/variables.tf`, '555555555555', '444444444444'),
    ],
  ],
  'E-29': [
    [
      'readersAreTrusted',
      swap(
        'platform',
        'onboarding/registry.yaml',
        /Sid: WhatRunsIsScanned/g,
        'Sid: Nobody',
      ),
    ],
    [
      'runningIsRescanned',
      terraform(
        'security-scan.yml',
        /cron: '23 4 \* \* \*'/,
        "cron: '23 4 1 * *'",
      ),
    ],
    [
      'runningIsRescanned',
      terraform(
        'security-scan.yml',
        'image-ref: ${{ steps.running.outputs.image }}',
        'image-ref: candidate:local',
      ),
    ],
  ],
};
