import { GitHubError } from '../../state';
import { ApiRoutes } from '../api/apiRoutes';
import { Call } from '../api/call';
import { supplied, textIn } from '../api/validate';
import { Schema } from '../bodies/schemas';
import { iso } from '../bodies/schemas';
import { environmentIn } from './gateRoutes';
import { settingName } from './settingName';

const LONGEST_VALUE = 48 * 1024;

/** Where variables lie: in a repository or in an environment of one. */
interface Shelf {
  variables: Record<string, string>;
  /** Variables have no times of their own here. */
  at: number;
}

type Find = (call: Call, need: 'read' | 'write') => Shelf;

const ofRepository: Find = (call, need) => {
  const repo = call.repo('actions_variables', need, 'push');
  return { variables: repo.variables, at: repo.createdAt };
};

const ofEnvironment: Find = (call, need) => {
  const repo = call.repo('environments', need, 'push');
  const record = environmentIn(call, repo);
  record.variables ??= {};
  return { variables: record.variables, at: record.createdAt };
};

function body(shelf: Shelf, name: string): Schema<'actions-variable'> {
  const at = iso(shelf.at);
  return {
    name,
    value: shelf.variables[name],
    created_at: at,
    updated_at: at,
  };
}

/** Names are the same in capitals and small letters. */
function named(call: Call, shelf: Shelf): string {
  const name = call.param('name').toUpperCase();
  if (!Object.hasOwn(shelf.variables, name)) {
    throw new GitHubError(404, 'Not Found');
  }
  return name;
}

function valueIn(call: Call): string | undefined {
  const value = textIn(call.json(), 'value');
  if (value !== undefined && Buffer.byteLength(value) > LONGEST_VALUE) {
    throw new GitHubError(422, 'Variable value is too large');
  }
  return value;
}

function addVariables(api: ApiRoutes, base: string, find: Find): void {
  api.get(base, call => {
    const shelf = find(call, 'read');
    const names = Object.keys(shelf.variables).sort();
    return {
      body: {
        total_count: names.length,
        variables: call
          .page(names, { perPage: 10, most: 30 })
          .map(name => body(shelf, name)),
      },
    };
  });

  api.get(`${base}/{name}`, call => {
    const shelf = find(call, 'read');
    return { body: body(shelf, named(call, shelf)) };
  });

  api.post(base, call => {
    const { variables } = find(call, 'write');
    supplied(call.json(), 'name', 'value');
    const name = settingName('Variable', textIn(call.json(), 'name') ?? '');
    if (Object.hasOwn(variables, name)) {
      throw new GitHubError(409, 'Already exists - Variable already exists');
    }
    variables[name] = valueIn(call) ?? '';
    call.ctx.store.changed();
    return { status: 201, body: {} };
  });

  api.patch(`${base}/{name}`, call => {
    const shelf = find(call, 'write');
    const name = named(call, shelf);
    const renamed = settingName(
      'Variable',
      textIn(call.json(), 'name') ?? name,
    );
    const value = valueIn(call) ?? shelf.variables[name];
    if (renamed !== name && Object.hasOwn(shelf.variables, renamed)) {
      throw new GitHubError(409, 'Already exists - Variable already exists');
    }
    delete shelf.variables[name];
    shelf.variables[renamed] = value;
    call.ctx.store.changed();
    return { status: 204 };
  });

  api.delete(`${base}/{name}`, call => {
    const shelf = find(call, 'write');
    delete shelf.variables[named(call, shelf)];
    call.ctx.store.changed();
    return { status: 204 };
  });
}

/** Variables of repositories and environments. */
export function addVariableRoutes(api: ApiRoutes): void {
  const repo = '/repos/{owner}/{repo}';
  addVariables(api, `${repo}/actions/variables`, ofRepository);
  addVariables(
    api,
    `${repo}/environments/{environment_name}/variables`,
    ofEnvironment,
  );
}
