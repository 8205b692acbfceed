import { RepoRecord, RulesetRecord } from '../../state';
import { matchesPatterns } from '../../engine/globs';
import { accessTo, allows } from '../access';
import { Actor } from '../actor';
import { SandboxStore } from '../../store/sandboxStore';

/** Ids that GitHub gives its roles in the lists of who may bypass. */
const ROLE_IDS = { 2: 'maintain', 4: 'push', 5: 'admin' } as const;

function names(repo: RepoRecord, ref: string, patterns: string[]): boolean {
  return patterns.some(pattern => {
    if (pattern === '~ALL') return true;
    if (pattern === '~DEFAULT_BRANCH') {
      return ref === `refs/heads/${repo.defaultBranch}`;
    }
    return matchesPatterns(ref, [pattern]);
  });
}

/** The rulesets in force for a full ref name. */
export function rulesetsFor(repo: RepoRecord, ref: string): RulesetRecord[] {
  const target = ref.startsWith('refs/tags/') ? 'tag' : 'branch';
  return (repo.rulesets ?? []).filter(
    ruleset =>
      ruleset.enforcement === 'active' &&
      ruleset.target === target &&
      names(repo, ref, ruleset.include) &&
      !names(repo, ref, ruleset.exclude),
  );
}

/** How the caller may go past a ruleset: always, in pull requests only, or not at all. */
export function bypassOf(
  store: SandboxStore,
  actor: Actor,
  repo: RepoRecord,
  ruleset: RulesetRecord,
): 'always' | 'pull_request' | 'never' {
  if (actor.kind !== 'user') return 'never';
  const { login } = actor.account;
  const access = accessTo(store, actor, repo);
  const modes = ruleset.bypass
    .filter(({ actorType, actorId }) => {
      switch (actorType) {
        case 'RepositoryRole': {
          const role = ROLE_IDS[actorId as keyof typeof ROLE_IDS];
          return role !== undefined && allows(access, role);
        }
        case 'Team':
          return store.teams.some(
            team => team.id === actorId && team.members.includes(login),
          );
        case 'User':
          return actor.account.id === actorId;
        default:
          return false;
      }
    })
    .map(({ mode }) => mode);
  if (modes.includes('always') || modes.includes('exempt')) return 'always';
  return modes.includes('pull_request') ? 'pull_request' : 'never';
}
