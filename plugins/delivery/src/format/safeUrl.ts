/**
 * The address when it leads to the web, else undefined: addresses come from vendors, and `javascript:` must never become a link.
 */
export function safeUrl(url: string | undefined): string | undefined {
  if (!url) return undefined;
  try {
    const { protocol } = new URL(url);
    return protocol === 'https:' || protocol === 'http:' ? url : undefined;
  } catch {
    return undefined;
  }
}

/** Name of the place a link leads to: `GitHub` for any GitHub, `AWS` for its console, else its host. */
export function hostLabel(url: string): string {
  const { hostname, host } = new URL(url);
  if (
    /(^|\.)console\.(aws\.amazon\.com|amazonaws-us-gov\.com)$/.test(hostname)
  ) {
    return 'AWS';
  }
  return /(^|\.)github\./.test(hostname) ? 'GitHub' : host;
}
