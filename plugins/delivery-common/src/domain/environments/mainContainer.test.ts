import { resolveCommit, type CommitInput } from './resolveCommit';
import { REPOSITORY, sha, taskDefinition } from './testUtils/environmentFacts';

const input = (part: Partial<CommitInput>): CommitInput => ({
  ...{ images: new Map(), shortShas: new Map(), records: new Map() },
  ...{ commits: new Map(), ...part },
});

describe('containers', () => {
  const container = (name: string, image: string, essential = true) => ({
    ...{ name, image, essential, healthCheck: false, labels: {} },
  });
  const of = (...containers: ReturnType<typeof container>[]) => ({
    ...taskDefinition(1, 'x'),
    containers,
  });
  const api = container('api', `${REPOSITORY}:${sha('a')}`);

  it.each([
    [
      'log_router',
      'public.ecr.aws/aws-observability/aws-for-fluent-bit:stable',
    ],
    ['logs', 'fluent/fluentd:v1'],
    ['xray', 'amazon/aws-xray-daemon:latest'],
    [
      'proxy',
      '840364872350.dkr.ecr.eu-west-1.amazonaws.com/aws-appmesh-envoy:v1',
    ],
    ['dd', 'public.ecr.aws/datadog/agent:7'],
    ['otel', 'amazon/aws-otel-collector:v0.4'],
    ['otel', 'otel/opentelemetry-collector-contrib:0.9'],
    ['ecs-service-connect-x1', 'x/y:1'],
  ])('%s (%s) is no application', (name, image) => {
    const commit = resolveCommit(
      input({ taskDefinition: of(container(name, image), api) }),
    );
    expect(commit.sha).toBe(sha('a'));
  });

  it('that are essential come first, and a named one before all', () => {
    const helper = container('helper', `${REPOSITORY}:${sha('b')}`, false);
    const taskDefinitionFact = of(helper, api);
    expect(
      resolveCommit(input({ taskDefinition: taskDefinitionFact })).sha,
    ).toBe(sha('a'));
    expect(
      resolveCommit(
        input({ taskDefinition: taskDefinitionFact, container: 'helper' }),
      ).sha,
    ).toBe(sha('b'));
  });

  it('of a sidecar that is the service itself count', () => {
    const envoy = container('envoy', `acme/envoy:${sha('a')}`);
    expect(resolveCommit(input({ taskDefinition: of(envoy) })).sha).toBe(
      sha('a'),
    );
  });
});
