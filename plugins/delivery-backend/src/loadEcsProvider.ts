type EcsModule = typeof import('./providers/ecs');

/** Loads the ECS provider with the AWS clients; a portal without ECS never pays for them. */
export async function loadEcsProvider(): Promise<EcsModule> {
  const loaded: EcsModule & { default?: EcsModule } = await import(
    './providers/ecs'
  );
  // Node shows a CommonJS file's exports as `default` where it cannot tell their names; tests show the names.
  return loaded.default ?? loaded;
}
