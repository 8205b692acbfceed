import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { UrlReaderService } from '@backstage/backend-plugin-api';
import { ScmIntegrations } from '@backstage/integration';
import { ConfigReader } from '@backstage/config';
import { createFetchTemplateAction } from '@backstage/plugin-scaffolder-backend';
import { createMockActionContext } from '@backstage/plugin-scaffolder-node-test-utils';
import type { JsonObject } from '../../fillTemplate';
import { fetchSteps, templateFolder, type TemplateId } from './templates';

/** Skeletons lie beside their template: nothing is ever read from an address. */
const noReader = new Proxy({} as UrlReaderService, {
  get() {
    throw new Error('A template fetches from outside its own folder.');
  },
});

/**
 * Renders a template's skeleton with the scaffolder's own action, as the steps of its `template.yaml` ask for it.
 *
 * @returns the folder with the repository's files; the caller removes it
 */
export async function renderTemplate(
  id: TemplateId,
  values: JsonObject,
): Promise<string> {
  const workspacePath = mkdtempSync(join(tmpdir(), `rendered-${id}-`));
  const action = createFetchTemplateAction({
    integrations: ScmIntegrations.fromConfig(new ConfigReader({})),
    reader: noReader,
  });
  const baseUrl = `file://${templateFolder(id)}/template.yaml`;
  for (const { input } of fetchSteps(id)) {
    const context = createMockActionContext({
      workspacePath,
      templateInfo: { entityRef: `template:default/${id}`, baseUrl },
      input: { ...input, values },
    });
    const fetched = mkdtempSync(join(tmpdir(), 'skeleton-'));
    try {
      await action.handler({
        ...context,
        createTemporaryDirectory: async () => fetched,
      } as Parameters<typeof action.handler>[0]);
    } finally {
      rmSync(fetched, { recursive: true, force: true });
    }
  }
  return workspacePath;
}
