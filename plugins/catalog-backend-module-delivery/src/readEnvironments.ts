import type { Config } from '@backstage/config';
import { z } from 'zod';
import { environmentSchema } from './templatesSchema';
import { KEY, parse, wrong } from './wrongConfig';

/** An environment as templates and the actions of creation take it. */
export interface FilledEnvironment {
  readonly name: string;
  readonly tier: string;
  readonly accountId: string;
  readonly region: string;
  readonly cluster: string;
  /** Whether somebody has to approve a deployment there. */
  readonly approval: boolean;
}

const SETS = 'delivery.environmentSets';
const PRODUCTION = ['production', 'prod'];
/** The deploy workflow asks for an approver everywhere else, so everything else needs a gate. */
const WITHOUT_APPROVER = ['dev', 'qa', 'staging', 'test'];
const TIERS: Readonly<Record<string, string>> = {
  dev: 'development',
  qa: 'testing',
  test: 'testing',
  staging: 'staging',
  production: 'production',
  prod: 'production',
};

/**
 * Reads the environments of one set, in their order.
 *
 * @throws `Error` with one sentence when the set is unknown, or says too little to create a service in it
 */
export function readEnvironments(
  config: Config,
  set: string,
): readonly FilledEnvironment[] {
  const sets = config.getOptional(SETS) ?? {};
  const written = Object.entries(sets).find(([name]) => name === set)?.[1];
  if (written === undefined) {
    throw wrong(
      `${KEY}.environmentSets`,
      `names the set ${set}, which ${SETS} does not have`,
    );
  }
  const key = `${SETS}.${set}`;
  const { environments } = parse(
    key,
    z.object({
      environments: z.array(environmentSchema).min(1, 'must not be empty'),
    }),
    written,
  );
  return environments.map(({ name, tier, aws }, index) => {
    const approval = tier ? tier === 'production' : PRODUCTION.includes(name);
    if (!approval && !WITHOUT_APPROVER.includes(name)) {
      throw wrong(
        `${key}.environments.${index}`,
        `must have tier: production, since deployments to ${name} need an approver; only ${WITHOUT_APPROVER.join(
          ', ',
        )} go without`,
      );
    }
    return {
      name,
      tier: tier ?? TIERS[name] ?? 'other',
      accountId: aws.accountId,
      region: aws.region,
      cluster: aws.cluster,
      approval,
    };
  });
}
