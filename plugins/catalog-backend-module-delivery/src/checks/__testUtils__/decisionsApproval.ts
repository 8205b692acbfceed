import { parse } from 'yaml';
import { SERVICES, type Output } from './decisionsOutput';
import {
  ancestors,
  callsOf,
  stepsOf,
  unless,
  type Check,
} from './decisionsProof';

/** Who lets a deployment through, and in which order environments come. */

const CALLED = ['ecs-deploy.yml', 'ecs-rollback.yml'] as const;

const HOLDERS = {
  'ecs-deploy.yml': 'deploy',
  'ecs-rollback.yml': 'roll-back',
} as const;

const scriptOf = (
  output: Output,
  file: (typeof CALLED)[number],
  job: string,
  id: string,
) => String(output.step('platform', file, job, id).run);

const approverScripts = (output: Output) =>
  CALLED.map(
    file => [file, scriptOf(output, file, HOLDERS[file], 'approver')] as const,
  );

/** Names in the `case` of the approver's step that need no approval. */
const exempt = (script: string) =>
  /case "\$ENVIRONMENT" in\s+([^)]+)\)/
    .exec(script)?.[1]
    .split('|')
    .map(name => name.trim()) ?? [];

interface TemplateStep {
  readonly id: string;
  readonly action: string;
  readonly input?: Readonly<Record<string, unknown>>;
}

const creation = (output: Output, repository: (typeof SERVICES)[number]) =>
  (
    parse(output.text(repository, 'template.yaml')) as {
      spec: { steps: TemplateStep[] };
    }
  ).spec.steps;

const approverIsAsked: Check = output => [
  ...stepsOf(output.workflows()).flatMap(({ step, where }) =>
    Object.entries({ ...step.env, ...step.with })
      .filter(
        ([name, value]) =>
          (/approver/i.test(name) ||
            /approve[rd][^\n]*github\.(triggering_)?actor/i.test(
              String(value),
            )) &&
          /github\.(triggering_)?actor/.test(String(value)),
      )
      .map(([name]) => `${where}: ${name} is who started the run`),
  ),
  ...approverScripts(output).flatMap(([file, script]) => [
    ...unless(
      /gh api "\$run\/approvals"/.test(script),
      `${file}: GitHub is not asked who approved`,
    ),
    ...unless(
      /if \[ -z "\$login" \]; then/.test(script),
      `${file}: goes on when nobody approved`,
    ),
  ]),
];

const startersDoNotCount: Check = output =>
  approverScripts(output).flatMap(([file, script]) => [
    ...unless(
      /\.user\.type == "User"/.test(script),
      `${file}: an approval by an app counts`,
    ),
    ...unless(
      /attempts\/\$n/.test(script) &&
        /\.triggering_actor\.id/.test(script) &&
        /starter \| not/.test(script),
      `${file}: somebody who started an attempt may approve it`,
    ),
  ]);

const attemptsAreToldApart: Check = output =>
  approverScripts(output).flatMap(([file, script]) =>
    unless(
      /\$attempt == 1 or .*via portal, attempt \\\(\$attempt\), ref /.test(
        script,
      ) && /select\(for_this_attempt\)/.test(script),
      `${file}: an approval of an earlier attempt counts`,
    ),
  );

const selfApprovalFails: Check = output =>
  approverScripts(output).flatMap(([file, script]) =>
    unless(
      /\[ -z "\$own" \] \|\| fail/.test(script),
      `${file}: a self-approval beside another goes unseen`,
    ),
  );

const productionAsks: Check = output => [
  ...approverScripts(output).flatMap(([file, script]) => [
    ...unless(
      !/\*|prod/.test(exempt(script).join()),
      `${file}: production goes without an approval`,
    ),
    ...unless(
      /default|inputs\./.test(script) === false,
      `${file}: a caller decides who is asked`,
    ),
  ]),
  ...CALLED.flatMap(file => {
    const { environment } = output.job('platform', file, HOLDERS[file]);
    const name =
      typeof environment === 'object' ? environment.name : environment;
    return unless(
      name === '${{ inputs.environment }}',
      `${file}: runs in no environment`,
    );
  }),
];

const callersDecideNothing: Check = output =>
  CALLED.flatMap(file => {
    const call = output.workflow('platform', file).on.workflow_call as {
      inputs: Record<string, unknown>;
    };
    return Object.keys(call.inputs)
      .filter(name => /approv|review|skip|force|allow/i.test(name))
      .map(name => `${file}: the caller may switch something off with ${name}`);
  });

const environmentsComeProtected: Check = output =>
  SERVICES.flatMap(repository => {
    const steps = creation(output, repository);
    const ensure = steps.findIndex(
      ({ action }) => action === 'delivery:github:environment:ensure',
    );
    const push = steps.findIndex(({ action }) => action === 'github:repo:push');
    const input = steps[ensure]?.input ?? {};
    return [
      ...unless(
        ensure >= 0 && ensure < push,
        `${repository}: pushes before the environments are protected`,
      ),
      ...unless(
        !('preventSelfReview' in input) && !('adminsBypass' in input),
        `${repository}: weakens the protection of environments`,
      ),
      ...unless(
        !steps.some(({ action }) =>
          /publish:github|github:environment:create/.test(action),
        ),
        `${repository}: creates environments that nobody reads back`,
      ),
    ];
  });

const productionComesLast: Check = output =>
  SERVICES.flatMap(repository => {
    const calls = callsOf(output.workflows(repository), 'ecs-deploy.yml');
    return calls
      .filter(({ job }) => job.with?.environment === 'production')
      .flatMap(({ workflow, name, where }) => {
        const before = ancestors(workflow, name);
        return [
          ...unless(before.size > 0, `${where}: needs nothing`),
          ...calls
            .filter(
              call =>
                call.workflow === workflow &&
                call.job.with?.environment !== 'production',
            )
            .filter(call => !before.has(call.name))
            .map(call => `${where}: does not wait for ${call.name}`),
        ];
      });
  });

const oneDeploymentAtATime: Check = output => {
  const queues = CALLED.flatMap(file =>
    [HOLDERS[file], 'settle'].map(name => {
      const { concurrency } = output.job('platform', file, name);
      const queue =
        typeof concurrency === 'object' ? concurrency : { group: concurrency };
      return {
        where: `${file} ${name}`,
        settles: name === 'settle',
        ...queue,
        group: String(queue.group),
      };
    }),
  );
  return queues.flatMap(({ where, settles, group, ...queue }) => [
    // What settles would wait behind the next run's approval in the queue of the deployments.
    ...unless(
      group === queues.find(other => other.settles === settles)?.group,
      `${where}: has a queue of its own`,
    ),
    ...unless(
      /inputs\.environment/.test(group),
      `${where}: the queue is not that of the environment`,
    ),
    ...unless(
      'cancel-in-progress' in queue && queue['cancel-in-progress'] === false,
      `${where}: is broken off by the next`,
    ),
  ]);
};

export const APPROVAL_CHECKS = {
  approverIsAsked,
  startersDoNotCount,
  attemptsAreToldApart,
  selfApprovalFails,
  productionAsks,
  callersDecideNothing,
  environmentsComeProtected,
  productionComesLast,
  oneDeploymentAtATime,
} satisfies Record<string, Check>;
