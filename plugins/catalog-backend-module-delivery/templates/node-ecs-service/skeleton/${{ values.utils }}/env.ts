type Environment = Readonly<Record<string, string | undefined>>;

/** A variable's text; an empty variable counts as absent. */
export function readText(env: Environment, name: string): string | undefined {
  return env[name] === "" ? undefined : env[name];
}

/**
 * A variable that holds a TCP port.
 *
 * @throws `Error` with one sentence when it holds something else
 */
export function readPort(env: Environment, name: string, otherwise: number): number {
  const text = readText(env, name);
  if (text === undefined) return otherwise;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (!(port <= 65_535)) {
    throw new Error(`${name} must be a port between 0 and 65535, not "${text}".`);
  }
  return port;
}
