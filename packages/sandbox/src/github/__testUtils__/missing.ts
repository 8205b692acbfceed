type Members = Record<string, unknown>;

export function members(value: unknown): Members {
  return value !== null && typeof value === 'object' ? (value as Members) : {};
}

/** Members recorded by GitHub that the sandbox leaves out on purpose. */
const NOT_MODELLED = [
  // of accounts and repositories: retired or about forks of the code
  'email',
  'custom_properties',
  'master_branch',
  'stargazers',
  'public',
  // of deployments made by GitHub Pages
  'environment_url',
];

/** Members of the recorded body that ours lacks, by path. */
export function missing(recorded: unknown, ours: unknown, path = ''): string[] {
  const mine = members(ours);
  return Object.entries(members(recorded)).flatMap(([key, value]) => {
    const here = `${path}.${key}`;
    if (NOT_MODELLED.includes(key)) return [];
    if (!(key in mine)) return [here];
    if (Array.isArray(value) || value === null || mine[key] === null) return [];
    return missing(value, mine[key], here);
  });
}
