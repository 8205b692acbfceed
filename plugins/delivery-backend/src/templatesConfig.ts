import type { Config } from '@backstage/config';

const KEY = 'templates.workflows';

/**
 * What new services call: the section belongs to the packaged templates, which check the rest of it.
 *
 * @throws `Error` with one sentence that names the key
 */
export function readNewestWorkflows(
  config: Config | undefined,
): { repository: string; version: string } | undefined {
  const section = config?.getOptionalConfig(KEY);
  if (!section) return undefined;
  const repository = section.getOptionalString('repository') ?? '';
  const version = section.getOptionalString('ref') ?? '';
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository) || !version) {
    throw new Error(
      `Wrong configuration: delivery.${KEY} needs a repository, owner/name, and a ref, the tag that new services call.`,
    );
  }
  return { repository, version };
}
