/**
 * GitHub and AWS on loopback for the demo and for every end-to-end test.
 * @packageDocumentation
 */
import { createEngine } from './engine';
import { Sandbox, SandboxOptions, startServer } from './server';
import { buildWorld, componentOf, placesOf, suggestChange } from './world';

/**
 * Starts the sandbox with its world. The first start in a data folder makes the world; later ones find it again.
 * @throws Error with code `EADDRINUSE` when the port is taken
 */
export function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  return startServer(options, {
    createEngine: parts =>
      createEngine({ ...parts, failures: options.failures ?? 'none' }),
    buildWorld,
    componentOf,
    placesOf,
    suggestChange: (name, random) => {
      const component = componentOf(name);
      return component && suggestChange(component, random);
    },
  });
}

export { startServer } from './server';
export type { Sandbox, SandboxOptions, SandboxParts } from './server';
export type * from './state';
