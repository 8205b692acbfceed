import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mockServices } from '@backstage/backend-test-utils';
import {
  DEFAULT_SET,
  type EnvironmentSet,
  ownedEnvironments,
} from 'backstage-plugin-delivery-common/domain';
import { service } from '../__testUtils__/startDelivery';
import { createGithubProvider } from '../providers/github';

async function listen(server: Server): Promise<string> {
  await new Promise<void>(done => {
    server.listen(0, '127.0.0.1', done);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('threats around reads', () => {
  it('SSRF through a log redirect: only known hosts are followed, and never with the token', async () => {
    const reached: (string | undefined)[] = [];
    const evil = createServer((request, response) => {
      reached.push(request.headers.authorization);
      response.end('secrets of the network');
    });
    const evilUrl = await listen(evil);
    const github = createServer((_request, response) => {
      response.writeHead(302, { location: `${evilUrl}/latest/meta-data` });
      response.end();
    });
    const provider = createGithubProvider({
      hosts: [
        { host: 'github.com', apiBaseUrl: await listen(github), app: false },
      ],
      credentials: {
        getCredentials: async () => ({ type: 'token', token: 'portal' }),
      },
      logger: mockServices.logger.mock(),
      clock: () => 0,
    });
    const run = {
      ...{ host: 'github.com', slug: 'acme/api', repoKey: 'github_com/7' },
      runKey: 'github_com.1',
    };
    await expect(
      provider.openLog?.(run, 'github_com.2', new AbortController().signal),
    ).rejects.toMatchObject({ code: 'log_host_refused' });
    expect(reached).toEqual([]);
    evil.close();
    github.close();
  });

  it('entity claiming a foreign ARN gets nothing of it', () => {
    const arn =
      'arn:aws:ecs:eu-west-1:444444444444:service/payments/payments-api';
    const thief = service('thief', 'evil/thief');
    thief.metadata.annotations = {
      ...thief.metadata.annotations,
      'aws.amazon.com/amazon-ecs-service-arn': arn,
    };
    const payments: EnvironmentSet = {
      name: 'payments',
      appliesTo: { 'metadata.name': ['payments-api'] },
      environments: [
        {
          ...{ name: 'production', tier: 'production', match: ['production'] },
          stacks: [],
          aws: {
            ...{ accountId: '444444444444', region: 'eu-west-1' },
            ...{ cluster: 'payments', service: 'payments-api' },
          },
        },
      ],
    };
    const { environments } = ownedEnvironments(thief, {
      ...{
        sets: [payments, DEFAULT_SET],
        entityTag: 'delivery.platform/entity',
      },
      tagged: [],
    });
    expect(environments.map(item => item.runtimeKey)).toEqual(
      environments.map(() => undefined),
    );
  });
});
