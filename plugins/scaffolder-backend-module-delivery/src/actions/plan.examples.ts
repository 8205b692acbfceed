import type { TemplateExample } from '@backstage/plugin-scaffolder-node';
import { stringify } from 'yaml';

const place = {
  accountId: '111111111111',
  region: 'eu-west-1',
  cluster: 'acme',
};

export const examples: TemplateExample[] = [
  {
    description: 'A service with staging and production',
    example: stringify({
      steps: [
        {
          id: 'plan',
          name: 'Check and plan',
          action: 'delivery:plan',
          input: {
            repoUrl: 'github.com?owner=acme&repo=shop',
            token: '${{ secrets.USER_OAUTH_TOKEN }}',
            template: 'node-ecs-service',
            name: 'shop',
            owner: 'group:default/platform',
            reviewers: ['user:default/cleo'],
            environments: [
              { name: 'staging', tier: 'staging', ...place, approval: false },
              {
                name: 'production',
                tier: 'production',
                ...place,
                approval: true,
              },
            ],
            registry: { accountId: '111111111111', region: 'eu-west-1' },
            serviceUrl: 'https://{name}.{environment}.acme.example',
          },
        },
      ],
    }),
  },
];
