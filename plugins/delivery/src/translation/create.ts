/** What "Create" shows about the environments of a new service. */
export const create = {
  table: {
    label: 'Environments that will be created',
    environment: 'Environment',
    place: 'Runs in',
    approval: 'Approval before a deployment',
    branches: 'From',
    infrastructure: 'its infrastructure',
  },
  place: {
    aws: '{{account}} · {{region}} · cluster {{cluster}}',
    unknown: 'not said in the configuration',
  },
  approval: {
    none: 'none',
    missing: 'Choose at least one reviewer: without one nothing is created.',
    by: 'one of: {{reviewers}} – never whoever started the run',
    tooMany: 'GitHub takes six reviewers at most; {{chosen}} are chosen.',
  },
  row: '{{environment}}: {{place}}; approval: {{approval}}; from {{branches}}',
  empty:
    'The portal’s configuration names no environments for this template. Set delivery.templates.environmentSets.',
} as const;
