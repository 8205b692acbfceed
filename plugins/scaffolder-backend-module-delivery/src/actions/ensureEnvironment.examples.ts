import type { TemplateExample } from '@backstage/plugin-scaffolder-node';
import { stringify } from 'yaml';

export const examples: TemplateExample[] = [
  {
    description: 'Production that a team has to approve',
    example: stringify({
      steps: [
        {
          id: 'production',
          name: 'Protect production',
          action: 'delivery:github:environment:ensure',
          input: {
            repoUrl: 'github.com?owner=acme&repo=shop',
            token: '${{ secrets.USER_OAUTH_TOKEN }}',
            repositoryId: 1296269,
            name: 'production',
            requireReviewers: true,
            reviewers: ['group:default/platform', 'user:default/cleo'],
            branches: ['main'],
            variables: { AWS_REGION: 'eu-west-1' },
          },
        },
      ],
    }),
  },
  {
    description:
      'Staging that takes deployments of two branches without approval',
    example: stringify({
      steps: [
        {
          id: 'staging',
          name: 'Set up staging',
          action: 'delivery:github:environment:ensure',
          input: {
            repoUrl: 'github.com?owner=acme&repo=shop',
            token: '${{ secrets.USER_OAUTH_TOKEN }}',
            repositoryId: 1296269,
            name: 'staging',
            requireReviewers: false,
            reviewers: [],
            branches: ['main', 'develop'],
          },
        },
      ],
    }),
  },
];
