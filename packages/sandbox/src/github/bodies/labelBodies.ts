import { createHash } from 'crypto';
import { RepoRecord } from '../../state';
import { GitHubContext } from '../gitHubContext';
import { repoApi } from './repoBodies';
import { Schema } from './schemas';

const KNOWN: Record<string, { color: string; description: string }> = {
  incident: { color: 'b60205', description: 'Users notice it' },
  hotfix: { color: 'd93f0b', description: 'Cannot wait' },
  bug: { color: 'd73a4a', description: "Something isn't working" },
  dependencies: {
    color: '0366d6',
    description: 'Pull requests that update a dependency file',
  },
  enhancement: { color: 'a2eeef', description: 'New feature or request' },
};

/** Labels GitHub puts into every new repository. */
const DEFAULTS = ['bug', 'enhancement'];

/** A label by its name; all else about it follows from that. */
export function label(
  ctx: GitHubContext,
  repo: RepoRecord,
  name: string,
): Schema<'label'> & { description: string } {
  const hash = createHash('sha256').update(`${repo.id} ${name}`).digest();
  const id = 4_000_000_000 + hash.readUInt32BE(0);
  return {
    id,
    node_id: `LA_${Buffer.from(String(id)).toString('base64url')}`,
    url: `${repoApi(ctx, repo)}/labels/${encodeURIComponent(name)}`,
    name,
    color: KNOWN[name]?.color ?? 'ededed',
    default: DEFAULTS.includes(name),
    description: KNOWN[name]?.description ?? '',
  };
}
