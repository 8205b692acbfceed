import type { RunRecord, SandboxState } from '../state';
import { fakeDigest } from './contexts';
import { hashUnit, nodeId } from './random';

const DAY = 86_400_000;

/** Records an uploaded artifact; the same name of the same run is replaced, as `overwrite: true` would. */
export function addArtifact(
  state: SandboxState,
  run: RunRecord,
  name: string,
): void {
  const digest = `sha256:${fakeDigest(run.id, name)}`;
  const known = run.artifacts.find(artifact => artifact.name === name);
  if (known) return;
  const id = state.nextId();
  const createdAt = state.clock.now();
  run.artifacts.push({
    id,
    nodeId: nodeId('MDg6QXJ0aWZhY3Q', id),
    name,
    sizeInBytes: 2_000 + Math.floor(hashUnit(run.id, name) * 900_000),
    digest,
    createdAt,
    expiresAt: createdAt + 30 * DAY,
  });
}
