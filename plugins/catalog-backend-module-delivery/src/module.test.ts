import { access } from 'node:fs/promises';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import {
  entityEnvelopeSchemaValidator,
  type Entity,
} from '@backstage/catalog-model';
import type { EntityProvider } from '@backstage/plugin-catalog-node';
import { catalogProcessingExtensionPoint } from '@backstage/plugin-catalog-node';
import { templateEntityV1beta3Validator } from '@backstage/plugin-scaffolder-common';
import { portalConfig } from './__testUtils__/portalConfig';
import type { JsonObject } from './fillTemplate';
import module from './index';

async function start(config: JsonObject) {
  const providers: EntityProvider[] = [];
  const info = jest.fn();
  const logger = mockServices.logger.mock({ info });
  const backend = await startTestBackend({
    extensionPoints: [
      [
        catalogProcessingExtensionPoint,
        {
          addEntityProvider: (provider: EntityProvider) =>
            providers.push(provider),
        },
      ],
    ],
    features: [
      module,
      mockServices.rootConfig.factory({ data: config }),
      logger.factory,
    ],
  });
  await backend.stop();
  const applyMutation = jest.fn();
  for (const provider of providers) {
    await provider.connect({ applyMutation, refresh: jest.fn() });
  }
  const said = info.mock.calls.map(([line]) => String(line));
  const [[mutation]] = applyMutation.mock.calls;
  const entities: Entity[] = mutation.entities.map(
    ({ entity }: { entity: Entity }) => entity,
  );
  return { mutation, entities, said };
}

const all = portalConfig().get<JsonObject>();

describe('the module', () => {
  it('emits templates that the scaffolder takes', async () => {
    const { mutation, entities } = await start(all);
    expect(mutation.type).toBe('full');
    expect(entities).toHaveLength(5);
    for (const entity of entities) {
      entityEnvelopeSchemaValidator()(entity);
      expect(await templateEntityV1beta3Validator.check(entity)).toBe(true);
      expect(entity.metadata.namespace).toBe('default');
      expect(entity.spec?.owner).toBe('unknown');
      expect(JSON.stringify(entity)).not.toContain('$delivery');
    }
  });

  it('says where each one lies, so that its skeleton is found', async () => {
    const { entities } = await start(all);
    for (const { metadata } of entities) {
      const location =
        metadata.annotations?.['backstage.io/managed-by-location'] ?? '';
      expect(location).toBe(
        metadata.annotations?.['backstage.io/managed-by-origin-location'],
      );
      expect(location).toMatch(/^file:\/.*\/template\.yaml$/);
      await access(
        location.replace(/^file:/, '').replace(/template\.yaml$/, 'skeleton'),
      );
    }
  });

  it('fills in what the portal knows', async () => {
    const { entities } = await start(
      portalConfig({ templateOwner: 'group:default/makers' }).get(),
    );
    const node = entities.find(
      ({ metadata }) => metadata.name === 'node-ecs-service',
    );
    expect(node?.spec?.owner).toBe('group:default/makers');
    const text = JSON.stringify(node?.spec);
    expect(text).toContain('"allowedHosts":["github.acme.example"]');
    expect(text).toContain('"allowedOwners":["acme"]');
    expect(text).toContain('"imageProof":"signature"');
    expect(text).not.toContain('slackChannel');
  });

  it('forgets a template that is not enabled any more', async () => {
    const { mutation, entities } = await start(
      portalConfig({ enabled: ['platform-workflows'] }).get(),
    );
    expect(mutation.type).toBe('full');
    expect(entities.map(({ metadata }) => metadata.name)).toEqual([
      'platform-workflows',
    ]);
  });

  it('emits nothing without configuration, and says so once', async () => {
    const { mutation, said } = await start({});
    expect(mutation).toEqual({ type: 'full', entities: [] });
    expect(said.filter(line => line.includes('delivery.templates'))).toEqual([
      'No service templates: delivery.templates is not configured.',
    ]);
  });

  it('does not start with a wrong value', async () => {
    await expect(start(portalConfig({ owners: [] }).get())).rejects.toThrow(
      'delivery.templates.owners must name an organisation',
    );
  });
});
