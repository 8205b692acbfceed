import { GitHubError } from '../../state';

/**
 * Name of a variable or a secret as GitHub keeps it: in capitals.
 * @throws GitHubError 422 for a name that is not allowed
 */
export function settingName(kind: 'Variable' | 'Secret', name: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    throw new GitHubError(
      422,
      `${kind} name can only contain alphanumeric characters ([a-z], [A-Z], [0-9]) or underscores (_). Spaces are not allowed. Must start with a letter ([a-z], [A-Z]) or underscores (_).`,
    );
  }
  const kept = name.toUpperCase();
  if (kept.startsWith('GITHUB_')) {
    throw new GitHubError(422, `${kind} names must not start with GITHUB_.`);
  }
  return kept;
}
