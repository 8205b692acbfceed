import { awsCommands, pushedImages } from './shell';

describe('a script of a pipeline', () => {
  it('shows what it asks of ECS, with its variables filled in', () => {
    const script = [
      '# aws ecs update-service --cluster "old" --service "old"',
      'aws ecs update-service --cluster "$CLUSTER" \\',
      '  --service "${SERVICE}" --task-definition "$PREVIOUS" > /dev/null',
      'aws ecs wait services-stable --cluster "$CLUSTER" --services api web || exit 1',
    ].join('\n');
    const env = { CLUSTER: 'shop', SERVICE: 'api', PREVIOUS: 'arn:td:7' };
    expect(awsCommands(script, env)).toEqual([
      {
        operation: 'ecs update-service',
        options: {
          cluster: ['shop'],
          service: ['api'],
          'task-definition': ['arn:td:7'],
        },
      },
      {
        operation: 'ecs wait services-stable',
        options: { cluster: ['shop'], services: ['api', 'web'] },
      },
    ]);
  });

  it('knows a switch without a value, and leaves an unknown variable empty', () => {
    const [command] = awsCommands(
      'aws ecs update-service --cluster prod --service $NOBODY --force-new-deployment',
      {},
    );
    expect(command.options).toEqual({
      cluster: ['prod'],
      service: [],
      'force-new-deployment': [],
    });
  });

  it('names the images it pushes, also inside a condition', () => {
    const script = [
      'if ! aws ecr describe-images; then',
      '  docker tag candidate:local "$REG/$REPO:$TAG"',
      '  docker push "$REG/$REPO:$TAG"',
      'fi',
      'docker push ***/billing:latest',
    ].join('\n');
    const env = { REG: 'r.example', REPO: 'api', TAG: 'sha-1' };
    expect(pushedImages(script, env)).toEqual([
      'r.example/api:sha-1',
      '***/billing:latest',
    ]);
  });
});
