import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { mockCredentials } from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type {
  ActOperation,
  ApprovalDetail,
  ApprovalSummary,
} from 'backstage-plugin-delivery-common';
import { ActingGithub, CLIENT, type GatedRun } from './ActingGithub';
import { workflowJob, workflowRun } from './githubPayloads';
import { service, startDelivery, until } from './startDelivery';

/** A user of the catalog for an account of {@link ActingGithub}. */
export function person(login: string, overrides: Partial<Entity> = {}): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'User',
    metadata: {
      name: login,
      annotations: {
        'github.com/user-id': `U_${login}`,
        'backstage.io/managed-by-origin-location': 'file:/org.yaml',
      },
    },
    spec: {},
    relations: [{ type: 'memberOf', targetRef: 'group:default/team' }],
    ...overrides,
  };
}

const ROUNDS = 3_000;

/** The whole plugin before a GitHub where runs wait for somebody, with people who may decide. */
export async function startActing(
  options: {
    entities?: Entity[];
    config?: object;
    permissionsEnabled?: boolean;
    /** Permissions a person has not. */
    lacking?: (userRef: string, permission: string, entity?: string) => boolean;
    auditKey?: boolean;
    /** Decides instead of `lacking`. */
    decide?: Parameters<typeof startDelivery>[0]['decide'];
  } = {},
) {
  const github = await new ActingGithub().start();
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const delivery = await startDelivery({
    entities: options.entities ?? [
      service('api', 'acme/api'),
      service('web', 'acme/web'),
      ...['dana', 'ravi', 'cleo', 'eve'].map(login => person(login)),
    ],
    githubUrl: github.url,
    rootConfig: {
      permission: { enabled: options.permissionsEnabled ?? true },
    },
    config: {
      providers: {
        github: {
          webhookSecrets: ['the webhook secret'],
          signIn: [
            {
              host: 'github.com',
              clientId: CLIENT.id,
              clientSecret: CLIENT.secret,
            },
          ],
        },
      },
      ...((options.auditKey ?? true) && {
        audit: {
          signingKey: String(
            privateKey.export({ type: 'pkcs8', format: 'pem' }),
          ),
        },
      }),
      ...options.config,
    },
    decide:
      options.decide ??
      ((credentials, permission, entity) => {
        const { userEntityRef = '' } = credentials.principal as {
          userEntityRef?: string;
        };
        const lacks = options.lacking?.(userEntityRef, permission, entity);
        return { result: lacks ? AuthorizeResult.DENY : AuthorizeResult.ALLOW };
      }),
  });
  const as = (login: string) =>
    mockCredentials.user.token(`user:default/${login}`);
  const tell = async (run: GatedRun, repositoryId = 7) => {
    const shared = {
      id: run.id,
      run_number: run.id,
      run_attempt: run.attempt,
      status: run.status,
      conclusion: run.conclusion,
      head_sha: run.sha,
      ...(run.title && { display_title: run.title }),
      ...(run.event && { event: run.event }),
      ...(run.path && { path: run.path, workflow_id: 6 }),
      actor: { login: run.actor },
      triggering_actor: { login: run.triggering[run.attempt - 1] },
      updated_at: new Date().toISOString(),
    };
    await delivery.deliver(
      'workflow_run',
      workflowRun(run.slug, shared, repositoryId),
    );
    await delivery.deliver(
      'workflow_job',
      workflowJob(
        run.slug,
        {
          ...{ id: run.id * 10 + run.attempt, run_id: run.id, name: 'deploy' },
          run_attempt: run.attempt,
          status: run.status,
          conclusion: run.conclusion,
          head_sha: run.sha,
          deployment: { id: run.deployment, environment: run.environment },
        },
        repositoryId,
      ),
    );
    await delivery.settled();
  };
  const waiting = async (login = 'cleo'): Promise<ApprovalSummary[]> => {
    const { body } = await delivery
      .get('/v1/approvals?scope=waiting&limit=100', as(login))
      .expect(200);
    return body.items;
  };
  const harness = {
    ...delivery,
    github,
    publicKey: String(publicKey.export({ type: 'spki', format: 'pem' })),
    as,
    tell,
    waiting,
    /** A run that waits, known to the portal, with its approval. */
    async gated(
      run: Pick<GatedRun, 'id'> & Partial<GatedRun>,
    ): Promise<ApprovalSummary> {
      const added = github.addRun({ slug: 'acme/api', ...run });
      await tell(added, added.slug === 'acme/api' ? 7 : 8);
      let found: ApprovalSummary | undefined;
      await until(async () => {
        found = (await waiting()).find(item => item.runNumber === added.id);
        return found !== undefined;
      }, `the approval of run ${added.id}`);
      return found as ApprovalSummary;
    },
    async look(id: string, login = 'cleo'): Promise<ApprovalDetail> {
      const { body } = await delivery
        .get(`/v1/approvals/${id}`, as(login))
        .expect(200);
      return body;
    },
    /** Sends a decision as it would be after looking; parts may be replaced. */
    decide(
      id: string,
      login: string,
      body: Partial<Record<string, string>> & { viewHash: string },
      userToken = `ghu_${login}`,
    ) {
      return delivery.post(
        `/v1/approvals/${id}/decision`,
        {
          decision: 'approve',
          comment: 'Looked at it together',
          idempotencyKey: randomUUID(),
          ...body,
        },
        { token: as(login), userToken },
      );
    },
    /** How an operation ended. */
    async ended(operationId: string, login = 'cleo'): Promise<ActOperation> {
      for (let round = 0; round < ROUNDS; round += 1) {
        const { body } = await delivery.get(
          `/v1/operations/${operationId}`,
          as(login),
        );
        if (body.state !== 'running') return body;
        await new Promise(done => setTimeout(done, 20));
      }
      throw new Error(`Operation ${operationId} does not end`);
    },
    async stopAll() {
      await delivery.stop();
      await github.stop();
    },
  };
  // The first question binds service and repository.
  for (const name of ['api', 'web']) {
    await delivery.get(
      `/v1/entities/component/default/${name}/overview`,
      as('cleo'),
    );
  }
  return harness;
}
