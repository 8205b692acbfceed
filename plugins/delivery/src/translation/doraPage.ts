/** DORA of several services at once. */
export const doraPage = {
  title: 'DORA',
  heading: 'DORA of several services',
  of: 'Numbers of',
  portal: 'All services',
  choice: {
    team: 'Team {{name}}',
    system: 'System {{name}}',
    domain: 'Domain {{name}}',
  },
  count_one: '{{count}} service',
  count_other: '{{count}} services',
  pooled:
    'Numbers are made of the rows of all these services together: a large service weighs as much as it deploys. There is no grade and no ranking.',
  spread: 'Services side by side: {{metric}}',
  table: 'Services with their {{metric}}',
  spreadHelp: 'Each mark is a service. In the order of the alphabet below.',
  strip_one: '{{count}} service from {{from}} to {{to}}',
  strip_other: '{{count}} services from {{from}} to {{to}}',
  nothing: 'None of these services has a number of it in this window.',
  search: 'Find a service',
  service: 'Service',
  owner: 'Owner',
  noData: 'no data',
  rows: 'n = {{n}}',
  more: 'Show {{n}} more',
  notFound: 'No service of that name.',
} as const;
