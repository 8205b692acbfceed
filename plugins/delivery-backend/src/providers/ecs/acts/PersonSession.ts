import { ECSClient } from '@aws-sdk/client-ecs';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { RuntimeRef } from 'backstage-plugin-delivery-common';
import {
  VendorRefusal,
  type ActingPerson,
  type RuntimeCall,
} from 'backstage-plugin-delivery-node';
import { clientSettings, countCalls } from '../clients';
import type { ActSource } from '../credentials';
import { policyFor, roleArn, type EcsWrite } from './resources';
import { sessionNameOf } from './sessionName';
import { sessionError, writeError, type AboutWrite } from './writeErrors';

/** The shortest session AWS gives. */
const SESSION_SECONDS = 900;
const ASSUME_ATTEMPTS = 3;

export interface PersonSessionOptions {
  /** Name of the role that people act with, the same in every account. */
  roleName: string;
  /** By account id; refuses accounts that the configuration does not name. */
  sources: (accountId: string) => Promise<ActSource>;
  /** Every call that is sent. */
  onCall?: (call: RuntimeCall) => void;
  /** Tests only. */
  endpoint?: string;
}

/** One changing request. */
export interface PersonRequest {
  action: EcsWrite;
  /** ARN of the one thing it is about. */
  resource: string;
  service: RuntimeRef;
  person: ActingPerson;
  signal: AbortSignal;
}

type Keys = {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
};

/**
 * Sends a request as a person: takes on the role under that person's name, for this one action on this one resource, and forgets the
 * session afterwards. Nothing is ever sent twice.
 */
export class PersonSession {
  readonly #options: PersonSessionOptions;

  constructor(options: PersonSessionOptions) {
    this.#options = options;
  }

  /** @throws `VendorRefusal`, `VendorSilence` */
  async send(
    request: PersonRequest,
    call: (
      client: ECSClient,
      options: { abortSignal: AbortSignal },
    ) => Promise<{ $metadata: { requestId?: string } }>,
  ): Promise<{ requestId?: string }> {
    const { service, signal, action } = request;
    const { endpoint } = this.#options;
    const about = {
      ...{ service, roleName: this.#options.roleName },
      action: `ecs:${action}`,
    };
    const credentials = await this.#assume(request, about);
    const client = new ECSClient({
      ...clientSettings(service.region, endpoint),
      credentials,
      // A request that AWS took before the line broke must not be sent again.
      maxAttempts: 1,
    });
    this.#count(client, 'ecs', service);
    try {
      if (signal.aborted) throw stopped(about);
      const { $metadata } = await call(client, { abortSignal: signal });
      return { requestId: $metadata.requestId };
    } catch (error) {
      throw error instanceof VendorRefusal ? error : writeError(error, about);
    } finally {
      client.destroy();
    }
  }

  async #assume(
    { action, resource, service, person, signal }: PersonRequest,
    about: AboutWrite,
  ): Promise<Keys> {
    if (signal.aborted) throw stopped(about);
    const name = sessionNameOf(person.userRef);
    let client: STSClient | undefined;
    try {
      const source = await this.#options.sources(service.accountId);
      client = new STSClient({
        ...clientSettings(service.region, this.#options.endpoint),
        credentials: source.credentials,
        maxAttempts: ASSUME_ATTEMPTS,
      });
      this.#count(client, 'sts', service);
      // No tags: where the trust policy does not allow sts:TagSession, one tag has the whole call refused, and the name says who it is.
      const { Credentials: told } = await client.send(
        new AssumeRoleCommand({
          RoleArn: roleArn(service, about.roleName),
          RoleSessionName: name,
          SourceIdentity: name,
          DurationSeconds: SESSION_SECONDS,
          Policy: policyFor(action, resource),
          ExternalId: source.externalId,
        }),
        { abortSignal: signal },
      );
      return keysOf(told);
    } catch (error) {
      throw sessionError(error, about);
    } finally {
      client?.destroy();
    }
  }

  #count(
    client: object,
    service: string,
    { accountId, region }: RuntimeRef,
  ): void {
    countCalls(client, operation =>
      this.#options.onCall?.({
        ...{ accountId, region },
        operation: `${service}.${operation}`,
      }),
    );
  }
}

function keysOf(
  told:
    | {
        AccessKeyId?: string;
        SecretAccessKey?: string;
        SessionToken?: string;
      }
    | undefined,
): Keys {
  const { AccessKeyId, SecretAccessKey, SessionToken } = told ?? {};
  if (!AccessKeyId || !SecretAccessKey || !SessionToken) {
    throw new Error('The answer holds no credentials.');
  }
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
  };
}

function stopped({ service, action }: AboutWrite): VendorRefusal {
  return new VendorRefusal(
    'unreachable',
    `The portal is stopping, so ${action} on ${service.service} was not sent and nothing was done: try again.`,
  );
}
