import { ConfigReader } from '@backstage/config';
import {
  portalConfig,
  STANDARD,
  TEMPLATES,
} from './__testUtils__/portalConfig';
import type { JsonObject } from './fillTemplate';
import { readTemplatesConfig } from './readTemplatesConfig';

const [staging, production] = STANDARD.environments;

function fillOf(id: string, config: ConfigReader) {
  const found = readTemplatesConfig(config)?.find(item => item.id === id);
  if (!found) throw new Error(`${id} is not shown`);
  return found.fill;
}

describe('readTemplatesConfig', () => {
  it('shows nothing without the key', () => {
    expect(readTemplatesConfig(new ConfigReader({}))).toBeUndefined();
    expect(
      readTemplatesConfig(new ConfigReader({ delivery: {} })),
    ).toBeUndefined();
  });

  it('shows all templates by default, and else those that are named', () => {
    const all = readTemplatesConfig(portalConfig());
    expect(all).toHaveLength(5);
    const some = readTemplatesConfig(
      portalConfig({ enabled: ['python-ecs-service', 'node-ecs-service'] }),
    );
    expect(some?.map(({ id }) => id)).toEqual([
      'node-ecs-service',
      'python-ecs-service',
    ]);
  });

  it('makes the values of a template', () => {
    expect(fillOf('node-ecs-service', portalConfig())).toMatchObject({
      host: 'github.acme.example',
      owners: ['acme'],
      templateOwner: 'unknown',
      imageProof: 'signature',
      environmentSet: 'standard',
      environments: [
        {
          name: 'staging',
          tier: 'staging',
          accountId: '333333333333',
          region: 'eu-west-1',
          cluster: 'main',
          approval: false,
        },
        { name: 'production', tier: 'production', approval: true },
      ],
      workflows: {
        repository: 'acme/platform-workflows',
        repoUrl: 'github.acme.example?owner=acme&repo=platform-workflows',
        ref: 'v2.0.0',
        pattern: 'acme/platform-workflows@*',
      },
      onboarding: {
        repoUrl: 'github.acme.example?owner=acme&repo=platform-workflows',
        workflow: 'onboard-service.yml',
        ref: 'main',
      },
    });
  });

  it('takes the host that is named, the first one, or github.com', () => {
    const hostOf = (config: ConfigReader) =>
      fillOf('platform-workflows', config).host;
    expect(hostOf(portalConfig({ host: '127.0.0.1:7011' }))).toBe(
      '127.0.0.1:7011',
    );
    expect(hostOf(portalConfig())).toBe('github.acme.example');
    expect(
      hostOf(new ConfigReader({ delivery: portalConfig().get('delivery') })),
    ).toBe('github.com');
  });

  it('takes a set of its own for a template before the default', () => {
    const config = portalConfig(
      { environmentSets: { default: 'standard', 'worker-cdk-service': 'one' } },
      { standard: STANDARD, one: { environments: [production] } },
    );
    const worker = fillOf('worker-cdk-service', config);
    expect(worker.environments?.map(({ name }) => name)).toEqual([
      'production',
    ]);
    expect(fillOf('node-ecs-service', config).environments).toHaveLength(2);
  });

  it('asks for an approval by the tier, and by the name without one', () => {
    const config = portalConfig(
      {},
      {
        standard: {
          environments: [
            { ...staging, name: 'live', tier: 'production' },
            { ...staging, name: 'prod' },
            { ...staging, name: 'test', tier: 'testing' },
          ],
        },
      },
    );
    const { environments } = fillOf('node-ecs-service', config);
    expect(environments?.map(item => [item.name, item.approval])).toEqual([
      ['live', true],
      ['prod', true],
      ['test', false],
    ]);
  });

  it('needs little for the workflows alone', () => {
    const config = new ConfigReader({
      delivery: {
        templates: {
          enabled: ['platform-workflows'],
          owners: ['acme'],
          images: TEMPLATES.images,
        },
      },
    });
    expect(fillOf('platform-workflows', config)).toMatchObject({
      owners: ['acme'],
    });
  });

  const wrongTemplates: [string, JsonObject, string][] = [
    [
      'a template that does not exist',
      { enabled: ['java-service'] },
      'delivery.templates.enabled.0 must be one of node-ecs-service, python-ecs-service, worker-cdk-service, terraform-bluegreen-service, platform-workflows.',
    ],
    [
      'no template',
      { enabled: [] },
      'delivery.templates.enabled must name a template; leave it out for all of them.',
    ],
    [
      'no organisation',
      { owners: [] },
      'delivery.templates.owners must name an organisation in which services are created.',
    ],
    [
      'an image without a digest',
      { images: { ...TEMPLATES.images, node: 'node:24' } },
      'delivery.templates.images.node must be pinned by its digest: <name>:<tag>@sha256:<64 hexadecimal digits>.',
    ],
    [
      'a missing image',
      { images: {} },
      'delivery.templates.images.node must be the image that node-ecs-service needs, pinned by its digest.',
    ],
    [
      'a set for an unknown template',
      { environmentSets: { default: 'standard', nodejs: 'standard' } },
      'delivery.templates.environmentSets.nodejs must be default or one of node-ecs-service, python-ecs-service, worker-cdk-service, terraform-bluegreen-service, platform-workflows.',
    ],
    [
      'a set that does not exist',
      { environmentSets: { default: 'usual' } },
      'delivery.templates.environmentSets names the set usual, which delivery.environmentSets does not have.',
    ],
    [
      'no set',
      { environmentSets: {} },
      'delivery.templates.environmentSets.default must name the set of delivery.environmentSets in which node-ecs-service creates services.',
    ],
    [
      'a signature without a key',
      { signingKey: undefined },
      'delivery.templates.signingKey must be the ARN of the KMS key that images are signed with, or imageProof must be attestation.',
    ],
    [
      'an unknown proof',
      { imageProof: 'trust' },
      'delivery.templates.imageProof must be one of attestation, signature.',
    ],
    [
      'a host with a scheme',
      { host: 'https://github.com' },
      'delivery.templates.host must be a host of integrations.github, without https://.',
    ],
    [
      'a repository that is none',
      { workflows: { repository: 'platform-workflows', ref: 'v1' } },
      'delivery.templates.workflows.repository must be a repository, for example acme/platform-workflows.',
    ],
    [
      'no address',
      { serviceUrl: undefined },
      'delivery.templates.serviceUrl must be the address of services, for example https://{name}.{environment}.acme.example.',
    ],
    [
      'no registry',
      { registry: undefined },
      "delivery.templates.registry must say where images are kept: { accountId: '111122223333', region: eu-west-1 }.",
    ],
    [
      'a key that does not exist',
      { owner: 'acme' },
      'delivery.templates has unknown keys: owner.',
    ],
  ];
  it.each(wrongTemplates)('refuses %s', (_, templates, sentence) => {
    expect(() => readTemplatesConfig(portalConfig(templates))).toThrow(
      new Error(`Wrong configuration: ${sentence}`),
    );
  });

  const environment = 'delivery.environmentSets.standard.environments.0';
  const wrongEnvironments: [string, JsonObject, string][] = [
    [
      'without a place',
      { name: 'staging' },
      `${environment}.aws is missing or of the wrong kind.`,
    ],
    [
      'with a name that no role can have',
      { ...staging, name: 'Staging EU' },
      `${environment}.name must be at most 16 lower-case letters, digits and hyphens: it becomes part of the names of roles and jobs.`,
    ],
    [
      'with the service of somebody else',
      { ...staging, aws: { ...staging.aws, service: 'api' } },
      `${environment}.aws.service must be '{name}' or absent: services that templates create are called like their component.`,
    ],
    [
      'that the deployments would not enter without an approver',
      { ...staging, name: 'preview' },
      `${environment} must have tier: production, since deployments to preview need an approver; only dev, qa, staging, test go without.`,
    ],
  ];
  it.each(wrongEnvironments)(
    'refuses an environment %s',
    (_, first, sentence) => {
      const config = portalConfig({}, { standard: { environments: [first] } });
      expect(() => readTemplatesConfig(config)).toThrow(
        new Error(`Wrong configuration: ${sentence}`),
      );
    },
  );
});
