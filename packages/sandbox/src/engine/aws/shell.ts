/** One call of the AWS command line inside a `run:` script. */
export interface AwsCommand {
  /** `ecs update-service` */
  operation: string;
  /** Values by name of the option without dashes; a switch has none. */
  options: Record<string, string[]>;
}

/** Puts values in place of `$NAME` and `${NAME}`; unknown names become empty, as in a shell. */
export function expandVariables(
  text: string,
  env: Record<string, string>,
): string {
  return text.replace(
    /\$(?:\{(\w+)\}|(\w+))/g,
    (_all, braced, plain) => env[braced ?? plain] ?? '',
  );
}

function optionsOf(words: string[]): Record<string, string[]> {
  const options: Record<string, string[]> = {};
  let current: string[] = [];
  for (const word of words) {
    if (word.startsWith('--')) {
      current = [];
      options[word.slice(2)] = current;
    } else current.push(word);
  }
  return options;
}

/** Lines of a script, continued ones joined, without comments. */
function linesOf(script: string): string[] {
  return script
    .replace(/\\\n/g, ' ')
    .split('\n')
    .filter(line => !line.trim().startsWith('#'));
}

/** The calls of `aws ecs …` in a script, in order. No shell is started: only plain words, quotes and variables are understood. */
export function awsCommands(
  script: string,
  env: Record<string, string>,
): AwsCommand[] {
  return linesOf(script).flatMap(line => {
    const match = line.match(
      /(?:^|[\s(;&|])aws (ecs (?:wait )?[a-z-]+)([^|;&>]*)/,
    );
    if (!match) return [];
    const words = expandVariables(match[2], env)
      .replace(/["']/g, '')
      .split(/\s+/)
      .filter(word => word !== '');
    return [{ operation: match[1], options: optionsOf(words) }];
  });
}

/** Images that a script pushes, as written behind `docker push`. */
export function pushedImages(
  script: string,
  env: Record<string, string>,
): string[] {
  return linesOf(script).flatMap(line => {
    const match = line.match(/(?:^|[\s(;&|])docker push ([^|;&>]+)/);
    if (!match) return [];
    return [expandVariables(match[1], env).replace(/["']/g, '').trim()];
  });
}
