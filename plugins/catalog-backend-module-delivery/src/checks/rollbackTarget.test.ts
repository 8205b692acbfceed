import { definition, taskDefinition } from './__testUtils__/ecs';
import { describeSteps } from './__testUtils__/platform';
import { runStep, type Fake } from './__testUtils__/runStep';
import { scriptOf, workflowOf } from './__testUtils__/workflows';

const DIGEST = `sha256:${'9'.repeat(64)}`;
const REGISTRY = '111111111111.dkr.ecr.eu-west-1.amazonaws.com';
const IMAGE = `${REGISTRY}/shipping@${DIGEST}`;
const COMMIT = 'c'.repeat(40);

describeSteps('a rollback’s target', repository => {
  const env = {
    TASK_DEFINITION: 'shipping:5',
    RUNNING: definition(8),
    REGISTRY_ACCOUNT: '111111111111',
    REGISTRY_REGION: 'eu-west-1',
    GITHUB_REPOSITORY: 'acme/shipping',
    ENVIRONMENT: 'production',
    IMAGE: '',
    COMMIT: '',
  };
  const images = (...tags: string[]) =>
    JSON.stringify({ imageDetails: [{ imageTags: tags }] });
  const target = (aws: Fake, over: Record<string, string> = {}) =>
    runStep(
      scriptOf(
        workflowOf(repository(), 'ecs-rollback.yml'),
        'roll-back',
        'target',
      ),
      {
        env: {
          CLUSTER: 'main',
          SERVICE: 'shipping',
          ...env,
          ...over,
        },
        fakes: {
          aws: {
            'ecs describe-task-definition': taskDefinition(5, {
              image: IMAGE,
              commit: COMMIT,
            }),
            'ecr describe-images': images(
              `sha-${COMMIT}`,
              'release-production-12',
            ),
            ...aws,
          },
        },
      },
    );

  it.each([
    ['alone', {}],
    ['with its image and commit', { IMAGE, COMMIT }],
  ])('is a revision that was verified here, asked for %s', (_name, over) => {
    const { code, outputs } = target({}, over);
    expect(code).toBe(0);
    expect(outputs).toEqual({
      arn: definition(5),
      image: IMAGE,
      commit: COMMIT,
    });
  });

  it.each<[string, Fake, Record<string, string>, RegExp]>([
    [
      'one that is gone',
      {
        'ecs describe-task-definition': taskDefinition(5, {
          status: 'INACTIVE',
          image: IMAGE,
        }),
      },
      {},
      /not active any more/,
    ],
    [
      'one of another service',
      {
        'ecs describe-task-definition': taskDefinition(5, {
          family: 'billing',
          image: IMAGE,
        }),
      },
      {},
      /not one of shipping/,
    ],
    [
      'what runs already',
      {},
      { RUNNING: definition(5) },
      /runs this task definition already/,
    ],
    [
      'an image of another registry',
      {
        'ecs describe-task-definition': taskDefinition(5, { commit: COMMIT }),
      },
      {},
      /no image of/,
    ],
    [
      'an image of another service',
      {
        'ecs describe-task-definition': taskDefinition(5, {
          image: `${REGISTRY}/billing@${DIGEST}`,
        }),
      },
      {},
      /not one of acme\/shipping/,
    ],
    [
      'another image than asked for',
      {},
      { IMAGE: `${REGISTRY}/shipping@sha256:0` },
      /another image/,
    ],
    [
      'another commit than asked for',
      {},
      { COMMIT: 'd'.repeat(40) },
      /another commit/,
    ],
    [
      'what was verified in staging only',
      { 'ecr describe-images': images('release-staging-12') },
      {},
      /never verified in production/,
    ],
    [
      'an image that is gone',
      { 'ecr describe-images': { fails: 'ImageNotFoundException' } },
      {},
      /not in the registry any more/,
    ],
  ])('is never %s', (_name, aws, over, sentence) => {
    const { code, log, outputs } = target(aws, over);
    expect(code).not.toBe(0);
    expect(log).toMatch(sentence);
    expect(outputs).toEqual({});
  });
});
