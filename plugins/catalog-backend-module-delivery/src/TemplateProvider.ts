import { readFileSync } from 'node:fs';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import {
  ANNOTATION_LOCATION,
  ANNOTATION_ORIGIN_LOCATION,
  type Entity,
} from '@backstage/catalog-model';
import type {
  EntityProvider,
  EntityProviderConnection,
} from '@backstage/plugin-catalog-node';
import { parse } from 'yaml';
import { fillTemplate, type JsonObject } from './fillTemplate';
import type { EnabledTemplate } from './readTemplatesConfig';
import type { TemplateId } from './templateIds';

const PACKAGE = 'backstage-plugin-catalog-backend-module-delivery';

/** Brings the templates of this package into the catalog, with the values of the portal's configuration. */
export class TemplateProvider implements EntityProvider {
  readonly #entities: readonly Entity[];

  /**
   * @param templates - which ones, in what order, with which values
   * @throws `Error` when a template asks for a value that does not exist
   */
  constructor(templates: readonly EnabledTemplate[]) {
    this.#entities = templates.map(toEntity);
  }

  getProviderName(): string {
    return 'delivery-templates';
  }

  /** Emits the templates as everything that this provider has: what was disabled since goes. */
  async connect(connection: EntityProviderConnection): Promise<void> {
    await connection.applyMutation({
      type: 'full',
      entities: this.#entities.map(entity => ({
        entity,
        locationKey: this.getProviderName(),
      })),
    });
  }
}

/** The absolute path of a template's own file; its skeleton lies beside it. */
export function templatePath(id: TemplateId): string {
  return resolvePackagePath(PACKAGE, 'templates', id, 'template.yaml');
}

function toEntity({ id, fill }: EnabledTemplate): Entity {
  const path = templatePath(id);
  const template: JsonObject = parse(readFileSync(path, 'utf8'));
  const entity = fillTemplate(template, {
    ...fill,
    templateVersion: packageVersion(),
  }) as unknown as Entity;
  // The scaffolder finds ./skeleton by the location; the path is that of this installation, so it is set at every start.
  const location = `file:${path}`;
  return {
    ...entity,
    metadata: {
      ...entity.metadata,
      namespace: 'default',
      annotations: {
        ...entity.metadata.annotations,
        [ANNOTATION_LOCATION]: location,
        [ANNOTATION_ORIGIN_LOCATION]: location,
      },
    },
  };
}

function packageVersion(): string {
  const manifest: { version: string } = JSON.parse(
    readFileSync(resolvePackagePath(PACKAGE, 'package.json'), 'utf8'),
  );
  return manifest.version;
}
