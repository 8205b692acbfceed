import type { TemplateExample } from '@backstage/plugin-scaffolder-node';
import { stringify } from 'yaml';

export const examples: TemplateExample[] = [
  {
    description: 'Facts of the repository that was just made',
    example: stringify({
      steps: [
        {
          id: 'facts',
          name: 'Read facts',
          action: 'delivery:github:repo-facts',
          input: {
            repoUrl: 'github.com?owner=acme&repo=shop',
            token: '${{ secrets.USER_OAUTH_TOKEN }}',
          },
        },
      ],
    }),
  },
  {
    description: 'The commit that reusable workflows are pinned to',
    example: stringify({
      steps: [
        {
          id: 'workflows',
          name: 'Pin the workflows',
          action: 'delivery:github:repo-facts',
          input: {
            repoUrl: 'github.com?owner=acme&repo=platform-workflows',
            token: '${{ secrets.USER_OAUTH_TOKEN }}',
            ref: 'v2.0.0',
          },
        },
      ],
    }),
  },
];
