import { addStep, swap, type Proofs } from './decisionsProof';

/** Defects that the checks of decisionsApproval.ts and decisionsMessages.ts have to see. */

const deploy = (from: RegExp | string, to: string) =>
  swap('platform', 'ecs-deploy.yml', from, to);
const rollback = (from: RegExp | string, to: string) =>
  swap('platform', 'ecs-rollback.yml', from, to);
const APPROVER = 'APPROVER: ${{ needs.deploy.outputs.approver }}';

export const APPROVAL_PROOFS: Proofs = {
  'V-9': [
    ['approverIsAsked', deploy(APPROVER, 'APPROVER: ${{ github.actor }}')],
  ],
  'V-10': [
    [
      'markerIsAlwaysSet',
      deploy(
        "if: always() && vars.DD_SITE != ''",
        "if: success() && vars.DD_SITE != ''",
      ),
    ],
  ],
  'V-11': [
    [
      'markerFailsAlone',
      rollback('https://api.$DD_SITE/', 'https://api.datadoghq.com/'),
    ],
  ],
  'V-12': [
    [
      'oneMessageAtTheEnd',
      deploy('method: chat.postMessage', 'channel-id: deployments'),
    ],
  ],
  'V-13': [
    [
      'oneDeploymentAtATime',
      rollback(/-\$\{\{ inputs\.environment \}\}\n/, '-rollback\n'),
    ],
    [
      'candidatesDescend',
      deploy('*) fail "$CANDIDATE does', '*) echo "$CANDIDATE does'),
    ],
  ],
  'V-37': [
    [
      'environmentsComeProtected',
      swap(
        'node',
        'template.yaml',
        'action: delivery:github:environment:ensure',
        'action: github:environment:create',
      ),
    ],
    ['approverIsAsked', rollback('if [ -z "$login" ]; then', 'if false; then')],
  ],
  'V-38': [
    [
      'productionComesLast',
      swap(
        'node',
        'pipeline.yml',
        /needs: \[build, deploy-staging\].*/,
        'needs: [build]',
      ),
    ],
  ],
  'F-10': [
    [
      'productionComesLast',
      swap(
        'worker',
        'app-deploy.yml',
        /needs: \[build, infra-production.*/,
        'needs: [build, deploy-staging]',
      ),
    ],
  ],
  'E-21': [
    [
      'productionAsks',
      deploy('name: ${{ inputs.environment }}\n', 'name: staging\n'),
    ],
  ],
  'E-23': [
    [
      'oneMessageAtTheEnd',
      addStep(
        'terraform',
        'cd-staging.yml',
        '{ if: failure(), uses: 8398a7/action-slack@v3 }',
      ),
    ],
    ['messageNamesTheApprover', deploy(APPROVER, 'APPROVER: somebody')],
  ],
  'X-1': [['startersDoNotCount', deploy('.user.type == "User" and ', '')]],
  'X-2': [
    ['attemptsAreToldApart', rollback(' | select(for_this_attempt)', '')],
  ],
  'X-3': [
    [
      'selfApprovalFails',
      deploy('[ -z "$own" ] || fail', '[ -z "$own" ] || echo'),
    ],
  ],
  'X-4': [
    [
      'callersDecideNothing',
      deploy(
        /\n {6}image-parameter:/,
        '\n      require-approver:\n        type: boolean\n      image-parameter:',
      ),
    ],
    [
      'productionAsks',
      rollback(
        'dev | qa | staging | test)',
        'dev | qa | staging | test | production)',
      ),
    ],
  ],
  'O-8': [
    [
      'smokeHasNoCredentials',
      deploy(
        /(name: Smoke test # [^]*?)contents: read\n/,
        'name: Smoke test # x\n    needs: deploy\n    permissions:\n      id-token: write\n',
      ),
    ],
  ],
  'O-10': [
    [
      'markerIsAlwaysSet',
      rollback(
        'if: always() && needs.roll-back.result',
        'if: success() && needs.roll-back.result',
      ),
    ],
  ],
  'O-11': [
    [
      'messageNamesTheApprover',
      rollback(
        'APPROVER: ${{ needs.roll-back.outputs.approver }}',
        'APPROVER: ${{ github.actor }}',
      ),
    ],
  ],
};
