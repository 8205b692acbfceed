import { addStep, swap, type Proofs } from './decisionsProof';

/** Defects that the checks of decisionsDeployment.ts have to see. */

const DEPLOY = 'ecs-deploy.yml';
const ROLLBACK = 'ecs-rollback.yml';

const inScript = (file: string, from: RegExp | string, to: string) =>
  swap('platform', file, from, to);
const forced = (file: string) =>
  inScript(file, '--task-definition "$PREVIOUS"', '--force-new-deployment');

export const DEPLOYMENT_PROOFS: Proofs = {
  'V-1': [
    [
      'revisionsAreReturned',
      inScript(
        DEPLOY,
        '--task-definition "$PREVIOUS"',
        '--task-definition "$SERVICE:$GITHUB_SHA"',
      ),
    ],
  ],
  'V-2': [
    ['nothingIsForced', forced(DEPLOY)],
    [
      'rendersTheRecorded',
      inScript(
        DEPLOY,
        'image: ${{ inputs.image }}\n          docker-labels',
        'docker-labels',
      ),
    ],
  ],
  'V-3': [
    [
      'migrationIsAwaited',
      inScript(
        DEPLOY,
        'wait-for-task-stopped: true',
        'wait-for-task-stopped: false',
      ),
    ],
  ],
  'V-4': [
    [
      'migrationUsesTheNewRevision',
      inScript(
        DEPLOY,
        '"command":{1}',
        '"environment":[{{"name":"IMAGE_TAG"}}]',
      ),
    ],
  ],
  'V-5': [
    [
      'migrationHasANetwork',
      inScript(DEPLOY, /^ *run-task-subnets: .*\n/m, ''),
    ],
  ],
  'V-6': [
    [
      'stabilityIsVerified',
      addStep(
        'platform',
        DEPLOY,
        '{ run: aws ecs wait services-stable --services x }',
      ),
    ],
  ],
  'V-7': [
    [
      'wayBackAlwaysRuns',
      inScript(
        DEPLOY,
        "if: always() && steps.record.outcome != 'success'",
        "if: needs.smoke.result == 'failure'",
      ),
    ],
  ],
  'V-8': [
    [
      'previousIsRecordedFirst',
      inScript(
        DEPLOY,
        '.[0].rolloutState // "COMPLETED") == "COMPLETED"\' "$service"',
        'true)\' "$service"',
      ),
    ],
  ],
  'F-2': [
    [
      'revisionsAreReturned',
      inScript(
        ROLLBACK,
        '--task-definition "$TARGET"',
        '--task-definition "$SERVICE:$(latest)"',
      ),
    ],
  ],
  'F-14': [
    [
      'migrationIsAwaited',
      addStep(
        'worker',
        'app-deploy.yml',
        '{ run: aws ecs run-task --cluster x }',
      ),
    ],
  ],
  'E-9': [
    [
      'nothingIsForced',
      addStep(
        'terraform',
        'cd-staging.yml',
        '{ run: aws ecs update-service --force-new-deployment }',
      ),
    ],
    [
      'stabilityIsVerified',
      inScript(DEPLOY, '.[0].taskDefinition == $ours', 'true'),
    ],
  ],
  'E-11': [
    [
      'revisionsAreReturned',
      addStep(
        'terraform',
        'cd-production.yml',
        '{ run: aws ecs update-service --task-definition eventflow-backend:previous }',
      ),
    ],
  ],
  'X-7': [
    [
      'candidatesDescend',
      inScript(DEPLOY, 'ahead | identical)', 'ahead | identical | behind)'),
    ],
  ],
  'X-12': [
    [
      'onlyOursIsTakenBack',
      inScript(
        DEPLOY,
        /if \[ "\$primary" = "\$TASK_DEFINITION" \]; then\n/,
        'if true; then\n',
      ),
    ],
  ],
  'X-13': [
    [
      'rendersTheRecorded',
      inScript(
        DEPLOY,
        'task-definition-arn: ${{ steps.before.outputs.td }}',
        'task-definition-family: ${{ vars.ECS_SERVICE }}',
      ),
    ],
  ],
  'X-14': [
    [
      'labelComesFromTheImage',
      inScript(
        DEPLOY,
        'image.revision=${{ steps.image.outputs.revision }}',
        'image.revision=${{ github.sha }}',
      ),
    ],
  ],
  'O-1': [
    [
      'deploymentKeepsItsOrder',
      inScript(DEPLOY, 'id: approver', 'id: somebody'),
    ],
  ],
  'O-3': [
    [
      'previousIsRecordedFirst',
      inScript(DEPLOY, "(.serviceDeployments | length) == 0'", "true'"),
    ],
  ],
  'O-4': [
    [
      'rendersTheRecorded',
      inScript(
        DEPLOY,
        'image: ${{ inputs.image }}\n          docker-labels',
        'image: app:latest\n          docker-labels',
      ),
    ],
  ],
  'O-5': [
    [
      'oneRegistration',
      addStep(
        'platform',
        DEPLOY,
        '{ run: aws ecs register-task-definition --family x }',
      ),
    ],
  ],
  'O-6': [['migrationIsAwaited', inScript(DEPLOY, /^ *run-task: .*\n/m, '')]],
  'O-7': [
    [
      'stabilityIsVerified',
      inScript(DEPLOY, /^ *wait-for-service-stability: .*\n/m, ''),
    ],
  ],
  'O-9': [
    [
      'wayBackAlwaysRuns',
      inScript(
        DEPLOY,
        "if: always() && needs.deploy.outputs.task-definition != ''",
        'if: success()',
      ),
    ],
  ],
};
