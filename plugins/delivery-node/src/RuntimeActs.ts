import type { RuntimeRef } from 'backstage-plugin-delivery-common';

/** In whose name a runtime is told to do something. @public */
export interface ActingPerson {
  /** Entity ref of the user. */
  userRef: string;
  /** Id of the operation, for the vendor's own trail. */
  operationId: string;
}

/**
 * What can be done to a service of a runtime in a person's name: with a session of that person's own, for one action on one service.
 * Each sends exactly one changing request and throws `VendorRefusal` or `VendorSilence` as `VendorActs` does.
 * @public
 */
export interface RuntimeActs {
  /** Lets a deployment that is paused at a hook go back. */
  continueWithRollback(
    service: RuntimeRef,
    deploymentKey: string,
    person: ActingPerson,
    signal: AbortSignal,
  ): Promise<{ requestId?: string }>;
  /** Stops a deployment that moves or bakes, and rolls it back. */
  stopWithRollback(
    service: RuntimeRef,
    deploymentKey: string,
    person: ActingPerson,
    signal: AbortSignal,
  ): Promise<{ requestId?: string }>;
  /** Starts a deployment of an earlier task definition. */
  putTaskDefinition(
    service: RuntimeRef,
    taskDefinition: string,
    person: ActingPerson,
    signal: AbortSignal,
  ): Promise<{ requestId?: string; deploymentKey?: string }>;
  /** Whether a task definition can still be started. */
  taskDefinitionIsActive(
    service: RuntimeRef,
    taskDefinition: string,
    signal: AbortSignal,
  ): Promise<boolean>;
}
