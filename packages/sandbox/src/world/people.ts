import type { Account, SandboxState, Team } from '../state';
import { nodeId } from '../engine';

type Kind = Account['type'];

const ACCOUNTS: [login: string, name: string, type: Kind, id: number][] = [
  ['dana', 'Dana', 'User', 583_101],
  ['ravi', 'Ravi', 'User', 583_102],
  ['cleo', 'Cleo', 'User', 583_103],
  ['pat', 'Pat', 'User', 583_104],
  ['aude', 'Aude', 'User', 583_105],
  ['github-actions[bot]', 'github-actions[bot]', 'Bot', 41_898_282],
  ['dependabot[bot]', 'dependabot[bot]', 'Bot', 49_699_333],
  ['vaultex', 'Vaultex', 'Organization', 583_201],
  ['acme', 'Acme', 'Organization', 583_202],
  ['flexi', 'Flexi', 'Organization', 583_203],
  ['eventflow', 'EventFlow', 'Organization', 583_204],
];

type Permission = Team['permission'];

const TEAMS: [
  org: string,
  slug: string,
  name: string,
  members: string[],
  permission: Permission,
][] = [
  ['vaultex', 'payments', 'Payments', ['dana', 'ravi', 'cleo'], 'push'],
  ['acme', 'platform', 'Platform', ['pat', 'ravi'], 'admin'],
  ['acme', 'billing', 'Billing', ['ravi', 'pat'], 'push'],
  ['flexi', 'ordering', 'Ordering', ['dana', 'ravi'], 'push'],
  ['eventflow', 'events', 'Events', ['dana', 'ravi'], 'push'],
];

/** In every organisation: who may approve everywhere, and who may only look. */
const EVERYWHERE: [slug: string, name: string, member: string, Permission][] = [
  ['leads', 'Leads', 'cleo', 'push'],
  ['auditors', 'Auditors', 'aude', 'pull'],
];

const PREFIX: Record<Kind, string> = {
  User: 'U',
  Bot: 'BOT',
  Organization: 'O',
};

/** Author name and e-mail address of somebody's commits. */
export function authorOf(login: string): { name: string; email: string } {
  const known = ACCOUNTS.find(([item]) => item === login);
  const local = login.replace('[bot]', '-bot');
  return { name: known?.[1] ?? login, email: `${local}@delivery.example` };
}

/** Puts people, bots, organisations and teams into the state. */
export function addPeople(state: SandboxState): void {
  for (const [login, name, type, id] of ACCOUNTS) {
    const { email } = authorOf(login);
    const account: Account = {
      id,
      nodeId: nodeId(PREFIX[type], id),
      login,
      name,
      email,
      type,
    };
    state.accounts.set(login, account);
  }
  const orgs = [...new Set(TEAMS.map(([org]) => org))];
  const shared = orgs.flatMap(org =>
    EVERYWHERE.map(
      ([slug, name, member, permission]) =>
        [org, slug, name, [member], permission] as const,
    ),
  );
  for (const [org, slug, name, members, permission] of [...TEAMS, ...shared]) {
    const id = state.nextId();
    state.teams.push({
      id,
      nodeId: nodeId('T', id),
      org,
      slug,
      name,
      members: [...members],
      permission,
    });
  }
}
