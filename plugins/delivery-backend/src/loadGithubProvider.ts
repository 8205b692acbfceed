/** Loads the GitHub provider with its client libraries; a portal without GitHub never pays for them. */
export function loadGithubProvider() {
  return import('./providers/github');
}
