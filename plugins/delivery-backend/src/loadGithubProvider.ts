type GithubModule = typeof import('./providers/github');

/** Loads the GitHub provider with its client libraries; a portal without GitHub never pays for them. */
export async function loadGithubProvider(): Promise<GithubModule> {
  const loaded: GithubModule & { default?: GithubModule } = await import(
    './providers/github'
  );
  // Node shows a CommonJS file's exports as `default` where it cannot tell their names; tests show the names.
  return loaded.default ?? loaded;
}
