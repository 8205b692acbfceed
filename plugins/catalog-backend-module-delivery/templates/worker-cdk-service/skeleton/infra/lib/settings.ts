import { readFileSync } from 'node:fs';

interface Environment {
  readonly account: string;
  readonly region: string;
  /** The ECS cluster that is there already; leave it out and the stack makes its own. */
  readonly cluster?: string;
  readonly production: boolean;
}

/** The content of environments.json: what this service is called and where it runs. */
export interface AllSettings {
  readonly service: string;
  readonly entity: string;
  readonly registry: { readonly account: string; readonly region: string };
  readonly environments: Readonly<Record<string, Environment>>;
}

/** What the stack of one environment is made from. */
export interface Settings extends Environment, Omit<AllSettings, 'environments'> {
  readonly environment: string;
}

/** Reads environments.json beside this folder. */
export function loadSettings(): AllSettings {
  const file = new URL('../environments.json', import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as AllSettings;
}

/**
 * Chooses an environment by its name.
 * @throws when there is none of this name; the message lists those there are
 */
export function settingsOf(all: AllSettings, environment: unknown): Settings {
  const { environments, ...common } = all;
  const name = typeof environment === 'string' ? environment : '';
  const found = Object.hasOwn(environments, name) ? environments[name] : undefined;
  if (found === undefined) {
    const known = Object.keys(environments).join(', ');
    throw new Error(`Say which environment with -c env=<name>; there are ${known}.`);
  }
  return { ...common, ...found, environment: name };
}

/** The parameter that holds the image to run. The app's deployment writes it, this stack only reads it. */
export const imageParameterOf = ({ service, environment }: Settings) =>
  `/${service}/${environment}/image`;
