import { basename } from 'node:path';
import type { Output } from './decisionsOutput';
import { stepsOf, unless, type Check } from './decisionsProof';

/** Who hears of a deployment. */

const CALLED = ['ecs-deploy.yml', 'ecs-rollback.yml'] as const;

const HOLDERS = {
  'ecs-deploy.yml': 'deploy',
  'ecs-rollback.yml': 'roll-back',
} as const;

const slackSteps = (output: Output) =>
  stepsOf(output.workflows()).filter(({ step }) =>
    /action-slack|slack/i.test(`${step.uses ?? ''} ${step.run ?? ''}`),
  );

const oneMessageAtTheEnd: Check = output => {
  const found = slackSteps(output);
  return [
    ...unless(
      found
        .map(({ workflow }) => basename(workflow.path.split(' ')[1]))
        .join() === CALLED.join(),
      'messages are sent elsewhere than once at the end of a deployment',
    ),
    ...found.flatMap(({ step, where }) => [
      ...unless(
        /^always\(\)/.test(String(step.if)),
        `${where}: is not sent always`,
      ),
      ...unless(
        step.with?.method === 'chat.postMessage' && 'payload' in step.with,
        `${where}: has inputs of version 1`,
      ),
    ]),
  ];
};

const messageNamesTheApprover: Check = output =>
  CALLED.flatMap(file => {
    const { env = {}, run } = output.step(
      'platform',
      file,
      'report',
      'outcome',
    );
    return [
      ...unless(
        env.APPROVER === `\${{ needs.${HOLDERS[file]}.outputs.approver }}` &&
          /approved by \$\{APPROVER/.test(String(run)),
        `${file}: does not say who approved`,
      ),
      ...unless(
        /github\.actor\b/.test(JSON.stringify(env)) === false,
        `${file}: names who pushed`,
      ),
    ];
  });

const markerIsAlwaysSet: Check = output =>
  CALLED.flatMap(file => {
    const { if: condition } = output.job('platform', file, 'report');
    const marker = output.step('platform', file, 'report', 'marker');
    return [
      ...unless(
        /^always\(\)/.test(String(condition)) &&
          /^always\(\)/.test(String(marker.if)),
        `${file}: no marker after a failure`,
      ),
      ...unless(
        /alert_type: \$alert/.test(String(marker.run)),
        `${file}: the marker does not tell the outcome`,
      ),
    ];
  });

const markerFailsAlone: Check = output =>
  CALLED.flatMap(file => {
    const {
      run,
      env = {},
      ...marker
    } = output.step('platform', file, 'report', 'marker');
    return [
      ...unless(
        /curl .*--fail-with-body --retry/.test(String(run)),
        `${file}: errors of the marker pass unseen`,
      ),
      ...unless(
        /https:\/\/api\.\$DD_SITE\//.test(String(run)) &&
          env.DD_SITE === '${{ vars.DD_SITE }}',
        `${file}: the site is fixed`,
      ),
      ...unless(
        marker['continue-on-error'] === true,
        `${file}: the marker fails the deployment`,
      ),
    ];
  });

export const MESSAGE_CHECKS = {
  oneMessageAtTheEnd,
  messageNamesTheApprover,
  markerIsAlwaysSet,
  markerFailsAlone,
} satisfies Record<string, Check>;
