import { RepoRecord, RulesetRecord } from '../../state';
import { GitHubContext } from '../gitHubContext';
import { repoApi, repoHtml } from './repoBodies';
import { iso, Schema } from './schemas';

type Body = Schema<'repository-ruleset'>;
type Bypass = ReturnType<typeof import('../rules/rulesets').bypassOf>;

const MAY_BYPASS: Record<Bypass, Body['current_user_can_bypass']> = {
  always: 'always',
  pull_request: 'pull_requests_only',
  never: 'never',
};

/** An entry of the list of rulesets, which tells no rules. */
export function rulesetEntry(
  ctx: GitHubContext,
  repo: RepoRecord,
  record: RulesetRecord,
): Body {
  return {
    id: record.id,
    node_id: record.nodeId,
    name: record.name,
    target: record.target,
    source_type: 'Repository',
    source: `${repo.owner}/${repo.name}`,
    enforcement: record.enforcement,
    created_at: iso(record.createdAt),
    updated_at: iso(record.updatedAt),
    _links: {
      self: { href: `${repoApi(ctx, repo)}/rulesets/${record.id}` },
      html: { href: `${repoHtml(ctx, repo)}/rules/${record.id}` },
    },
  };
}

/**
 * @param bypass - how the caller may go past it
 * @param isAdmin - only administrators see who may go past it
 */
export function ruleset(
  ctx: GitHubContext,
  repo: RepoRecord,
  record: RulesetRecord,
  bypass: Bypass,
  isAdmin: boolean,
): Body {
  return {
    ...rulesetEntry(ctx, repo, record),
    conditions: {
      ref_name: { include: record.include, exclude: record.exclude },
    },
    rules: record.rules as Body['rules'],
    ...(isAdmin
      ? {
          bypass_actors: record.bypass.map(item => ({
            actor_id: item.actorId,
            actor_type: item.actorType,
            bypass_mode: item.mode,
          })),
        }
      : {}),
    current_user_can_bypass: MAY_BYPASS[bypass],
  };
}
