import type { TemplateExample } from '@backstage/plugin-scaffolder-node';
import { stringify } from 'yaml';

const token = '${{ secrets.USER_OAUTH_TOKEN }}';

export const examples: TemplateExample[] = [
  {
    description: 'The onboarding has to succeed before anything is pushed',
    example: stringify({
      steps: [
        {
          id: 'onboarded',
          name: 'Wait for the roles',
          action: 'delivery:github:run:wait',
          input: {
            repoUrl: 'github.com?owner=acme&repo=platform-workflows',
            ...{ token, runId: 30433642, until: 'completed' },
          },
        },
      ],
    }),
  },
  {
    description: 'The first run of a new service, to link to it',
    example: stringify({
      steps: [
        {
          id: 'first-run',
          name: 'First run',
          action: 'delivery:github:run:wait',
          input: {
            repoUrl: 'github.com?owner=acme&repo=shop',
            ...{ token, branch: 'main', until: 'created' },
            timeoutSeconds: 120,
          },
        },
      ],
    }),
  },
];
