import {
  GitHubError,
  RepoRecord,
  RulesetBypass,
  RulesetRecord,
} from '../../state';
import { allows } from '../access';
import { ApiRoutes } from '../api/apiRoutes';
import { Call, Reply } from '../api/call';
import {
  choiceIn,
  integerIn,
  invalidRequest,
  supplied,
  textIn,
  textsIn,
} from '../api/validate';
import { ruleset, rulesetEntry } from '../bodies/rulesetBodies';
import { canProtect } from '../plans';
import { bypassOf, rulesetsFor } from '../rules/rulesets';
import { rulesIn } from '../rules/ruleShapes';

type Json = Record<string, unknown>;

const ENFORCEMENTS = ['disabled', 'active', 'evaluate'] as const;
const ACTORS = [
  'Integration',
  'OrganizationAdmin',
  'RepositoryRole',
  'Team',
  'DeployKey',
  'User',
] as const;
const MODES = ['always', 'pull_request', 'exempt'] as const;

const objectIn = (value: unknown): Json =>
  value !== null && typeof value === 'object' ? { ...value } : {};

function bypassIn(body: Json): RulesetBypass[] | undefined {
  const { bypass_actors: actors } = body;
  if (actors === undefined) return undefined;
  if (!Array.isArray(actors)) {
    throw invalidRequest("For 'properties/bypass_actors', it is not an array.");
  }
  return actors.map(item => {
    const actor = objectIn(item);
    supplied(actor, 'actor_type');
    const id = integerIn(actor, 'actor_id', { least: 1, most: 2 ** 53 - 1 });
    return {
      actorId: id ?? null,
      actorType: choiceIn(actor, 'actor_type', ACTORS) ?? 'RepositoryRole',
      mode: choiceIn(actor, 'bypass_mode', MODES) ?? 'always',
    };
  });
}

function refsIn(
  body: Json,
): Pick<RulesetRecord, 'include' | 'exclude'> | undefined {
  if (body.conditions === undefined) return undefined;
  const names = objectIn(objectIn(body.conditions).ref_name);
  return {
    include: textsIn(names, 'include') ?? [],
    exclude: textsIn(names, 'exclude') ?? [],
  };
}

function nameIn(repo: RepoRecord, body: Json, own?: RulesetRecord) {
  const name = textIn(body, 'name');
  const taken = repo.rulesets?.some(
    item => item !== own && item.name.toLowerCase() === name?.toLowerCase(),
  );
  if (taken) {
    throw new GitHubError(422, 'Validation Failed', {
      errors: ['Name must be unique'],
    });
  }
  return name;
}

function readable(call: Call): RepoRecord {
  const repo = call.repo('metadata');
  if (canProtect(call.ctx.store, repo)) return repo;
  throw new GitHubError(
    403,
    'Upgrade to GitHub Pro or make this repository public to enable this feature.',
  );
}

function writable(call: Call): RepoRecord {
  call.repo('administration', 'write', 'admin');
  return readable(call);
}

function rulesetIn(call: Call, repo: RepoRecord): RulesetRecord {
  const id = call.id('ruleset_id');
  const found = repo.rulesets?.find(item => item.id === id);
  if (!found) throw new GitHubError(404, 'Not Found');
  return found;
}

function answer(call: Call, repo: RepoRecord, record: RulesetRecord) {
  const { ctx, actor } = call;
  const bypass = bypassOf(ctx.store, actor, repo, record);
  return ruleset(ctx, repo, record, bypass, allows(call.access(), 'admin'));
}

function create(call: Call): Reply {
  const repo = writable(call);
  const body = call.json();
  supplied(body, 'name', 'enforcement');
  const { store } = call.ctx;
  const id = store.nextId();
  const now = store.clock.now();
  const record: RulesetRecord = {
    id,
    nodeId: `RRS_${Buffer.from(String(id)).toString('base64url')}`,
    name: nameIn(repo, body) ?? '',
    target: choiceIn(body, 'target', ['branch', 'tag'] as const) ?? 'branch',
    enforcement: choiceIn(body, 'enforcement', ENFORCEMENTS) ?? 'disabled',
    include: [],
    exclude: [],
    ...refsIn(body),
    bypass: bypassIn(body) ?? [],
    rules: rulesIn(body) ?? [],
    createdAt: now,
    updatedAt: now,
  };
  repo.rulesets = [...(repo.rulesets ?? []), record];
  store.changed();
  return { status: 201, body: answer(call, repo, record) };
}

function change(call: Call): Reply {
  const repo = writable(call);
  const record = rulesetIn(call, repo);
  const body = call.json();
  const changed: RulesetRecord = {
    ...record,
    ...refsIn(body),
    name: nameIn(repo, body, record) ?? record.name,
    target:
      choiceIn(body, 'target', ['branch', 'tag'] as const) ?? record.target,
    enforcement:
      choiceIn(body, 'enforcement', ENFORCEMENTS) ?? record.enforcement,
    bypass: bypassIn(body) ?? record.bypass,
    rules: rulesIn(body) ?? record.rules,
    updatedAt: call.ctx.store.clock.now(),
  };
  Object.assign(record, changed);
  call.ctx.store.changed();
  return { body: answer(call, repo, record) };
}

/** Rulesets of repositories, and the rules in force for a branch. */
export function addRulesetRoutes(api: ApiRoutes): void {
  const list = '/repos/{owner}/{repo}/rulesets';
  const one = `${list}/{ruleset_id}`;

  api.get(list, call => {
    const repo = readable(call);
    return {
      body: call
        .page(repo.rulesets ?? [])
        .map(record => rulesetEntry(call.ctx, repo, record)),
    };
  });

  api.post(list, create);

  api.get(one, call => {
    const repo = readable(call);
    return { body: answer(call, repo, rulesetIn(call, repo)) };
  });

  api.put(one, change);

  api.delete(one, call => {
    const repo = writable(call);
    const record = rulesetIn(call, repo);
    repo.rulesets = repo.rulesets?.filter(item => item !== record);
    call.ctx.store.changed();
    return { status: 204 };
  });

  api.get('/repos/{owner}/{repo}/rules/branches/{branch}', call => {
    const repo = readable(call);
    const ref = `refs/heads/${call.param('branch')}`;
    const found = rulesetsFor(repo, ref).flatMap(({ id, rules }) =>
      rules.map(rule => ({
        ...rule,
        ruleset_source_type: 'Repository',
        ruleset_source: `${repo.owner}/${repo.name}`,
        ruleset_id: id,
      })),
    );
    return { body: call.page(found) };
  });
}
