import { parse } from 'yaml';
import type { Output } from './decisionsOutput';
import { stepsOf, unless, type Check } from './decisionsProof';
import { runsForPulls } from './pullRequests';
import { RULES } from './rules';

/** Who may take which role at AWS. */

const rule =
  (name: keyof typeof RULES): Check =>
  output =>
    output.workflows().flatMap(workflow => RULES[name](workflow));

interface Statement {
  readonly Action?: string;
  readonly Condition?: Readonly<
    Record<string, Readonly<Record<string, unknown>>>
  >;
}

interface Roles {
  readonly Resources: Readonly<
    Record<
      string,
      {
        Type: string;
        Properties: { AssumeRolePolicyDocument?: { Statement: Statement[] } };
      }
    >
  >;
}

const GITHUB = 'token.actions.githubusercontent.com:';

/** Web identity conditions of the roles that onboarding makes, by the role. */
function trusts(
  output: Output,
): [
  role: string,
  operators: string[],
  claims: Readonly<Record<string, unknown>>,
][] {
  return ['onboarding/registry.yaml', 'onboarding/service-roles.yaml'].flatMap(
    path => {
      const { Resources } = parse(output.text('platform', path), {
        logLevel: 'silent',
      }) as Roles;
      return Object.entries(Resources).flatMap(([role, { Properties }]) =>
        (Properties.AssumeRolePolicyDocument?.Statement ?? [])
          .filter(({ Action }) => Action === 'sts:AssumeRoleWithWebIdentity')
          .map(
            ({
              Condition = {},
            }): [string, string[], Readonly<Record<string, unknown>>] => [
              role,
              Object.keys(Condition),
              Condition.StringEquals ?? {},
            ],
          ),
      );
    },
  );
}

/** Reads only, so it does not matter which workflow of the repository takes it. */
const READERS = ['PlanRole'];

const trustIsExact: Check = output => {
  const found = trusts(output);
  return [
    ...unless(found.length >= 4, 'roles without a trust for GitHub'),
    ...found.flatMap(([role, operators, claims]) => [
      ...unless(
        operators.join() === 'StringEquals',
        `${role}: trusts what is merely alike`,
      ),
      ...[
        'aud',
        'sub',
        'repository_id',
        ...(READERS.includes(role) ? [] : ['job_workflow_ref']),
      ]
        .filter(claim => claims[GITHUB + claim] === undefined)
        .map(claim => `${role}: does not look at ${claim}`),
      ...unless(
        !/\*/.test(JSON.stringify(claims)),
        `${role}: trusts a pattern`,
      ),
    ]),
  ];
};

const rolesAreSeparate: Check = output => {
  const found = new Map(
    trusts(output).map(([role, , claims]) => [
      role,
      String(claims[`${GITHUB}sub`]),
    ]),
  );
  const wanted = [
    'BuildRole',
    'DeployRole',
    'SettleRole',
    'PlanRole',
    'InfrastructureRole',
  ];
  return [
    ...wanted
      .filter(role => !found.has(role))
      .map(role => `there is no ${role}`),
    ...[...found]
      .filter(
        ([role, subject]) =>
          role !== 'PlanRole' && /pull_request/.test(subject),
      )
      .map(([role]) => `${role}: a pull request may take it`),
    ...stepsOf(output.workflows('worker', 'terraform'))
      .filter(
        ({ workflow, name, step }) =>
          runsForPulls(workflow, name) &&
          step.with?.['role-to-assume'] !== undefined,
      )
      .filter(({ step }) =>
        /INFRA|DEPLOY|SETTLE|BUILD/.test(String(step.with?.['role-to-assume'])),
      )
      .map(({ where }) => `${where}: a pull request takes a role that writes`),
  ];
};

const readersAreTrusted: Check = output => {
  const subject = (wanted: string) =>
    trusts(output).find(([role]) => role === wanted)?.[2][`${GITHUB}sub`];
  const main = '${Subject}:ref:refs/heads/main';
  return [
    // Plans to apply, the look for drift and the scan of what runs are jobs of main.
    ...unless(
      JSON.stringify(subject('PlanRole') ?? '').includes(main),
      'PlanRole: no job of main may plan',
    ),
    ...unless(
      String(subject('ChangeSetRole')) === main,
      'ChangeSetRole: nobody may prepare a change set on main',
    ),
    ...unless(
      JSON.stringify(
        output.job('worker', 'infra-deploy.yml', 'plan-production'),
      ).includes('vars.AWS_CHANGESET_ROLE_ARN_PRODUCTION'),
      'worker: the change set is prepared by another role',
    ),
    ...unless(
      /Sid: WhatRunsIsScanned/.test(
        output.text('platform', 'onboarding/registry.yaml'),
      ),
      'what runs may not be pulled to be scanned',
    ),
  ];
};

const rolesComeFromVariables = rule('rolesComeFromVariables');

const noStaticKeys = rule('noStaticKeys');

export const ROLE_CHECKS = {
  trustIsExact,
  rolesAreSeparate,
  readersAreTrusted,
  rolesComeFromVariables,
  noStaticKeys,
} satisfies Record<string, Check>;
