import type { TemplateExample } from '@backstage/plugin-scaffolder-node';
import { stringify } from 'yaml';

export const examples: TemplateExample[] = [
  {
    description: 'One review and two checks before anything gets into main',
    example: stringify({
      steps: [
        {
          id: 'ruleset',
          name: 'Protect main',
          action: 'delivery:github:ruleset:ensure',
          input: {
            repoUrl: 'github.com?owner=acme&repo=shop',
            token: '${{ secrets.USER_OAUTH_TOKEN }}',
            repositoryId: 1296269,
            requiredChecks: ['quality', 'unit-tests'],
            reviews: 1,
          },
        },
      ],
    }),
  },
];
