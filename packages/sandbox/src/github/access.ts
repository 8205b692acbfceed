import { RepoRecord, RepositoryRole } from '../state';
import { SandboxStore } from '../store/sandboxStore';
import { Actor } from './actor';

/** Ordered: each level includes those before it. */
export type Access = 'none' | RepositoryRole;

const LEVELS: readonly Access[] = [
  'none',
  'pull',
  'triage',
  'push',
  'maintain',
  'admin',
];

/** Whether `have` is enough for `need`. */
export function allows(have: Access, need: Access): boolean {
  return LEVELS.indexOf(have) >= LEVELS.indexOf(need);
}

/** Whether somebody belongs to an organisation: who is in one of its teams does. */
export function isMember(
  store: SandboxStore,
  org: string,
  login: string,
): boolean {
  return store.teams.some(
    team => team.org === org && team.members.includes(login),
  );
}

/** What a person may do in a repository, over whatever way. */
export function accessOfPerson(
  store: SandboxStore,
  login: string,
  repo: RepoRecord,
): Access {
  if (repo.owner === login) return 'admin';
  const held: Access[] = [repo.private ? 'none' : 'pull'];
  for (const team of store.teams) {
    if (team.org !== repo.owner || !team.members.includes(login)) continue;
    held.push(team.permission ?? 'push');
    held.push(repo.teamPermissions?.[team.slug] ?? 'none');
  }
  held.push(repo.collaborators?.[login] ?? 'none');
  if (repo.visibility === 'internal' && isMember(store, repo.owner, login)) {
    held.push('pull');
  }
  return held.reduce((best, one) => (allows(one, best) ? one : best));
}

/** What the caller may do in a repository. For installations: reading; writes are decided by permission. */
export function accessTo(
  store: SandboxStore,
  actor: Actor,
  repo: RepoRecord,
): Access {
  const open: Access = repo.private ? 'none' : 'pull';
  switch (actor.kind) {
    case 'user':
      return accessOfPerson(store, actor.account.login, repo);
    case 'installation': {
      const inside =
        actor.account.login === repo.owner &&
        (!actor.repositoryIds || actor.repositoryIds.includes(repo.id));
      return inside ? 'push' : open;
    }
    default:
      return open;
  }
}
