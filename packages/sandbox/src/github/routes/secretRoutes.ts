import { generateKeyPairSync } from 'crypto';
import { GitHubError } from '../../state';
import { SandboxStore } from '../../store/sandboxStore';
import { ApiRoutes } from '../api/apiRoutes';
import { Call } from '../api/call';
import { supplied, textIn } from '../api/validate';
import { iso, Schema } from '../bodies/schemas';
import { environmentIn } from './gateRoutes';
import { settingName } from './settingName';

/** Under this key of `state.saved` lies the key that secrets are sealed with; nobody can open them. */
const KEY = 'secrets-public-key';

/** Where names of secrets lie: in a repository or in an environment of one. */
interface Shelf {
  secretNames?: string[];
  /** Secrets have no times of their own here. */
  createdAt: number;
}

type Find = (call: Call, need: 'read' | 'write') => Shelf;

const ofRepository: Find = (call, need) => call.repo('secrets', need, 'push');

const ofEnvironment: Find = (call, need) =>
  environmentIn(call, call.repo('environments', need, 'push'));

/** An X25519 key, as libsodium wants it; the private half is thrown away. */
function publicKey(store: SandboxStore): string {
  const known = store.saved.get(KEY);
  if (typeof known === 'string') return known;
  const { x = '' } = generateKeyPairSync('x25519').publicKey.export({
    format: 'jwk',
  });
  const key = Buffer.from(x, 'base64url').toString('base64');
  store.saved.set(KEY, key);
  store.changed();
  return key;
}

function body(shelf: Shelf, name: string): Schema<'actions-secret'> {
  const at = iso(shelf.createdAt);
  return { name, created_at: at, updated_at: at };
}

function named(call: Call, { secretNames = [] }: Shelf): string {
  const name = call.param('secret_name').toUpperCase();
  if (!secretNames.includes(name)) throw new GitHubError(404, 'Not Found');
  return name;
}

function addSecrets(api: ApiRoutes, base: string, find: Find): void {
  api.get(base, call => {
    const shelf = find(call, 'read');
    const names = [...(shelf.secretNames ?? [])].sort();
    return {
      body: {
        total_count: names.length,
        secrets: call.page(names).map(name => body(shelf, name)),
      },
    };
  });

  api.get(`${base}/public-key`, call => {
    find(call, 'read');
    return {
      body: { key_id: '3380204578043523366', key: publicKey(call.ctx.store) },
    };
  });

  api.get(`${base}/{secret_name}`, call => {
    const shelf = find(call, 'read');
    return { body: body(shelf, named(call, shelf)) };
  });

  api.put(`${base}/{secret_name}`, call => {
    const shelf = find(call, 'write');
    const name = settingName('Secret', call.param('secret_name'));
    supplied(call.json(), 'encrypted_value', 'key_id');
    const sealed = textIn(call.json(), 'encrypted_value') ?? '';
    if (!/^[A-Za-z0-9+/]+={0,2}$/.test(sealed)) {
      throw new GitHubError(422, 'encrypted_value is not valid base64');
    }
    const { secretNames = [] } = shelf;
    if (secretNames.includes(name)) return { status: 204 };
    shelf.secretNames = [...secretNames, name];
    call.ctx.store.changed();
    return { status: 201, body: {} };
  });

  api.delete(`${base}/{secret_name}`, call => {
    const shelf = find(call, 'write');
    const name = named(call, shelf);
    shelf.secretNames = shelf.secretNames?.filter(item => item !== name);
    call.ctx.store.changed();
    return { status: 204 };
  });
}

/** Secrets of repositories and environments: their names only. */
export function addSecretRoutes(api: ApiRoutes): void {
  const repo = '/repos/{owner}/{repo}';
  addSecrets(api, `${repo}/actions/secrets`, ofRepository);
  addSecrets(
    api,
    `${repo}/environments/{environment_name}/secrets`,
    ofEnvironment,
  );
}
