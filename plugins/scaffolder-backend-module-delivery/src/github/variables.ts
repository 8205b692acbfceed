import type { Variables } from '../naming/variables';
import { itemsOf, parseBody, variableSchema } from './bodies';
import type { PersonClient } from './PersonClient';
import type { Repository } from './repositories';

const NAME = /^(?!GITHUB_)[A-Z_][A-Z0-9_]{0,99}$/;
/** The most GitHub gives of them at once. */
const PAGE = 30;

/** The variables of a repository, or of one environment of it. */
export interface VariablePlace {
  client: PersonClient;
  repository: Repository;
  environment?: string;
}

function placeOf({ repository, environment }: VariablePlace) {
  const { owner, repo, slug } = repository;
  return environment === undefined
    ? {
        route: '/repos/{owner}/{repo}/actions/variables',
        parameters: { owner, repo },
        where: slug,
        needs: `to write the Actions variables of ${slug} (repository permission “Variables”)`,
      }
    : {
        route:
          '/repos/{owner}/{repo}/environments/{environment_name}/variables',
        parameters: { owner, repo, environment_name: environment },
        where: `the environment ${environment} of ${slug}`,
        needs: `to write the variables of the environment ${environment} (repository permission “Environments”)`,
      };
}

export async function readVariables(place: VariablePlace): Promise<Variables> {
  const { route, parameters, where } = placeOf(place);
  const doing = `read the variables of ${where}`;
  const raw = await place.client.list(
    route,
    { ...parameters, per_page: PAGE },
    doing,
    itemsOf('variables'),
  );
  return Object.fromEntries(
    raw.map(item => {
      const { name, value } = parseBody(variableSchema, item, 'a variable');
      return [name, value];
    }),
  );
}

/** Names that GitHub would refuse. */
export function wrongNames(variables: Variables): string[] {
  return Object.keys(variables).filter(name => !NAME.test(name));
}

/**
 * Writes what is missing or different; others stay.
 *
 * @returns names that were written
 * @throws `GithubCallError`; what was written before stays, and a second call goes on
 */
export async function ensureVariables(
  place: VariablePlace,
  wanted: Variables,
): Promise<string[]> {
  const { route, parameters, where, needs } = placeOf(place);
  const found = await readVariables(place);
  const written: string[] = [];
  for (const [name, value] of Object.entries(wanted)) {
    if (found[name] === value) continue;
    const exists = found[name] !== undefined;
    await place.client.write(
      exists ? `PATCH ${route}/{name}` : `POST ${route}`,
      { ...parameters, name, value },
      `write the variable ${name} of ${where}`,
      needs,
    );
    written.push(name);
  }
  return written;
}

/** Names of variables that do not have the wanted value. */
export function differingVariables(
  found: Variables,
  wanted: Variables,
): string[] {
  return Object.keys(wanted).filter(name => found[name] !== wanted[name]);
}
