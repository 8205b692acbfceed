import type { ServiceRecord, TaskDefinitionRecord } from '../records';
import { findDefinition, registerDefinition } from './definitions';
import { parseImage, repositoryUri } from './images';
import type { Parts } from './Parts';

/** A new revision of what the service runs, with another image in its main container; the image is pushed to the registry used so far. */
export function driftedDefinition(
  { estate, images }: Parts,
  service: ServiceRecord,
  image: { repository: string; digest: string; tags: string[] },
  by: { principal: string; at: number },
): TaskDefinitionRecord {
  const old = findDefinition(estate, service, service.taskDefinition);
  const main = old.containers.find(({ name }) => name === service.container);
  const registry = parseImage(main?.image ?? '') ?? service;
  images.put(registry, image, by.at);
  const uri = repositoryUri(registry, image.repository);
  const [tag] = image.tags;
  return registerDefinition(
    estate,
    service,
    {
      ...old,
      containers: old.containers.map(container =>
        container === (main ?? old.containers[0])
          ? {
              ...container,
              image: tag ? `${uri}:${tag}` : `${uri}@${image.digest}`,
            }
          : container,
      ),
    },
    by,
  );
}
