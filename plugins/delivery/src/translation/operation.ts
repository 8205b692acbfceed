/** Words for something that is done in a person's name, step by step. */
export const operation = {
  label: 'Progress',
  step: {
    identity: 'Your identity is proved',
    fresh_read: 'The present state is read',
    rules: 'The rules are checked',
    policy: 'The policy is checked',
    checks: 'The checks are looked at',
    order: 'The order of versions is checked',
    role: 'Your own AWS session is opened',
    sent: 'Sent',
    confirmed: 'Confirmed',
  },
  stepState: {
    pending: 'not yet',
    running: 'running',
    done: 'done',
    failed: 'failed',
  },
  state: {
    running: 'It goes on',
    succeeded: 'Done',
    refused: 'Refused: nothing was sent',
    failed: 'It did not work',
    unknown: 'Nobody knows yet whether it was done',
  },
  unknownHelp:
    'It was sent, and the answer is missing. The portal finds out by itself; it is never sent a second time.',
  away: 'How it goes on could not be read: {{message}}. It goes on all the same.',
  audit: 'Audit entry {{n}}',
  run: 'Open the run',
  openAt: 'Open in {{host}}',
  token: {
    noApi:
      'This portal cannot sign you in at {{host}}: it has no sign-in for source code hosts. Ask the people who run it.',
    declined:
      'You were not signed in at {{host}}, so nothing was sent. Try again and allow the access.',
    failed:
      'The sign-in at {{host}} did not work, so nothing was sent: {{message}}',
    noRepository: 'The repository is not known yet, so nothing was sent.',
  },
} as const;
