import type { TemplateExample } from '@backstage/plugin-scaffolder-node';
import { stringify } from 'yaml';

export const examples: TemplateExample[] = [
  {
    description:
      'Read-only token, pinned actions and the reusable workflows of the organisation',
    example: stringify({
      steps: [
        {
          id: 'policy',
          name: 'Hold GitHub Actions',
          action: 'delivery:github:actions-policy',
          input: {
            repoUrl: 'github.com?owner=acme&repo=shop',
            token: '${{ secrets.USER_OAUTH_TOKEN }}',
            repositoryId: 1296269,
            allowedPatterns: ['acme/platform-workflows@*'],
            retentionDays: 90,
            variables: { AWS_BUILD_REGION: 'eu-west-1' },
          },
        },
      ],
    }),
  },
];
