import { EnvironmentRecord, GitHubError } from '../../state';
import { ApiRoutes } from '../api/apiRoutes';
import { Call } from '../api/call';
import { choiceIn, supplied, textIn } from '../api/validate';
import { Schema } from '../bodies/schemas';
import { environmentIn } from './gateRoutes';

type Policy = NonNullable<EnvironmentRecord['branchPolicies']>[number];

function policyBody(policy: Policy): Schema<'deployment-branch-policy'> {
  return {
    id: policy.id,
    node_id: `EBP_${policy.id}`,
    name: policy.name,
    type: policy.type ?? 'branch',
  };
}

/** The patterns of an environment; none when it has no patterns of its own. */
function patternsOf(record: EnvironmentRecord): Policy[] {
  if (record.protectedBranchesOnly) return [];
  return record.branchPolicies ?? [];
}

function writable(call: Call): EnvironmentRecord {
  const repo = call.repo('administration', 'write', 'admin');
  const record = environmentIn(call, repo);
  if (record.branchPolicies === null || record.protectedBranchesOnly) {
    throw new GitHubError(404, 'Not Found');
  }
  return record;
}

function policyIn(call: Call, record: EnvironmentRecord): Policy {
  const id = call.id('branch_policy_id');
  const found = patternsOf(record).find(policy => policy.id === id);
  if (!found) throw new GitHubError(404, 'Not Found');
  return found;
}

function nameIn(call: Call): string {
  const body = call.json();
  supplied(body, 'name');
  return textIn(body, 'name') ?? '';
}

/** Patterns of the branches and tags that may deploy to an environment. */
export function addBranchPolicyRoutes(api: ApiRoutes): void {
  const list =
    '/repos/{owner}/{repo}/environments/{environment_name}/deployment-branch-policies';
  const one = `${list}/{branch_policy_id}`;
  const readable = (call: Call) => environmentIn(call, call.repo('actions'));
  const changed = (call: Call, record: EnvironmentRecord) => {
    record.updatedAt = call.ctx.store.clock.now();
    call.ctx.store.changed();
  };

  api.get(list, call => {
    const found = patternsOf(readable(call));
    return {
      body: {
        total_count: found.length,
        branch_policies: call.page(found).map(policyBody),
      },
    };
  });

  api.post(list, call => {
    const record = writable(call);
    const name = nameIn(call);
    const type = choiceIn(call.json(), 'type', ['branch', 'tag'] as const);
    const same = patternsOf(record).some(
      policy => policy.name === name && policy.type === type,
    );
    if (same) return { status: 303 };
    const policy = { id: call.ctx.store.nextId(), name, ...(type && { type }) };
    record.branchPolicies = [...patternsOf(record), policy];
    changed(call, record);
    return { body: policyBody(policy) };
  });

  api.get(one, call => ({ body: policyBody(policyIn(call, readable(call))) }));

  api.put(one, call => {
    const record = writable(call);
    const policy = policyIn(call, record);
    policy.name = nameIn(call);
    changed(call, record);
    return { body: policyBody(policy) };
  });

  api.delete(one, call => {
    const record = writable(call);
    const policy = policyIn(call, record);
    record.branchPolicies = patternsOf(record).filter(item => item !== policy);
    changed(call, record);
    return { status: 204 };
  });
}
