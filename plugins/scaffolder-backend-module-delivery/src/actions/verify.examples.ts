import type { TemplateExample } from '@backstage/plugin-scaffolder-node';
import { stringify } from 'yaml';

export const examples: TemplateExample[] = [
  {
    description: 'The check list at the end of creating a service',
    example: stringify({
      steps: [
        {
          id: 'verify',
          name: 'Verify',
          action: 'delivery:verify',
          input: {
            repoUrl: 'github.com?owner=acme&repo=shop',
            token: '${{ secrets.USER_OAUTH_TOKEN }}',
            repositoryId: 1296269,
            environments: [
              {
                name: 'production',
                approval: true,
                branches: ['main'],
                variables: { AWS_REGION: 'eu-west-1' },
              },
            ],
            entityRef: 'component:default/shop',
            workflows: {
              repository: 'acme/platform-workflows',
              sha: '0123456789abcdef0123456789abcdef01234567',
            },
            onboardingRunId: 30433642,
            firstRunId: 30433643,
          },
        },
      ],
    }),
  },
];
