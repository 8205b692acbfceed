/** Words for what is done to runs, and for what every act has in common. */
export const acts = {
  rerun: 'Re-run',
  rerun_failed: 'Re-run failed',
  cancel: 'Cancel',
  dispatch: 'Run workflow',
  group: 'What you can do with this run',
  underWay: 'Something you began is still under way.',
  show: 'Show what you began',
  notYou: 'You may not do this.',
  oldAttempt: 'You look at attempt {{n}}; only the newest one can be changed.',
  stillRunning: 'The run is still running: cancel it, or wait.',
  stillWaiting: 'The run still waits: decide, cancel it, or wait.',
  stateUnknown: 'How the run stands is not known.',
  tooOld: 'The run is older than 30 days: the vendor does not run it again.',
  nothingFailed: 'Nothing failed in this run.',
  over: 'The run is over.',
  title: {
    rerun: 'Re-run #{{n}}?',
    rerun_failed: 'Re-run what failed in #{{n}}?',
    cancel: 'Cancel #{{n}}?',
  },
  what: {
    rerun: 'All jobs of {{sha}} run again, as attempt {{attempt}}.',
    rerun_failed:
      'The failed jobs of {{sha}}, and those that need them, run again as attempt {{attempt}}.',
    cancel:
      'Jobs that run are stopped, those that wait do not start. What is already deployed stays.',
  },
  mayDeploy: 'It may deploy to {{environments}}.',
  mayDeployHelp:
    'Gates of these environments still ask somebody. Where none holds production, the rules of an approval hold for this click.',
  noEnvironments: 'No job of it is known to deploy anywhere.',
  confirm: {
    rerun: 'Re-run all jobs',
    rerun_failed: 'Re-run failed jobs',
    cancel: 'Cancel the run',
    dispatch: 'Run workflow',
  },
  back: 'Leave it',
  close: 'Close',
  comment: 'Your reason',
  commentHelp: 'Optional; kept in the audit, in your name.',
  commentRequired: 'Required; kept in the audit, in your name.',
  commentShort: 'Write at least three characters, or nothing.',
  commentMissing: 'Write why first, in at least three characters.',
  signIn:
    'The click asks for your own access at {{host}}; it is used once and kept nowhere.',
  vendor: 'the vendor',
  signing: 'You are being signed in at {{host}}.',
  sending: 'It is on its way.',
  problem: 'Nothing was begun',
  stale: 'It has changed since you looked',
  staleHelp: 'Nothing was sent. Close this and look again.',
  noAnswer: 'No answer came',
  noAnswerHelp:
    'The connection broke, so it is not sure whether it arrived. Sending exactly the same again is safe: it is done only once.',
  glass: {
    offerTitle: 'The rules for production say no',
    offer:
      'You may do it all the same. It is told to the owners, and stays open until somebody else has looked into it.',
    offerAction: 'Break the glass…',
    title: 'Past the rules for production',
    warning:
      'This goes past the rules: {{message}} Your name and reason are kept, the owners are told, and somebody else reviews it later.',
    confirm: 'Break the glass: {{act}}',
  },
} as const;

/** Starting a workflow by hand. */
export const dispatch = {
  title: 'Run a workflow',
  loading: 'Loading the workflows',
  pipeline: 'Workflow',
  ref: 'Branch',
  otherRef: 'Another branch or tag…',
  refName: 'Name of the branch or tag',
  inputs: 'Inputs',
  noInputs: 'This workflow has no inputs.',
  required: '{{name}} (required)',
  choose: 'Choose…',
  none: 'None',
  missing: 'Fill in {{name}} first.',
  notANumber: '{{name}} must be a number.',
  noRef: 'Name a branch or tag first.',
  emptyTitle: 'No workflow can be started by hand',
  emptyHelp:
    'A workflow appears here when its file on the default branch has this line under “on”:',
  problem: 'Not every workflow could be read',
} as const;

/** Going back to an earlier deployment. */
export const rollback = {
  to: 'Roll back to',
  toThis: 'Roll back to {{sha}}, deployed {{when}}',
  title: 'Roll back {{environment}}',
  close: 'Close',
  loading: 'Loading what it can go back to',
  danger: 'Danger zone',
  dangerFold: 'Show what changes {{environment}} at once',
  dangerHelp:
    'Goes back to a deployment that ran healthy here. You see what would happen before anything does.',
  open: 'Roll back…',
  how: 'How it goes back',
  way: {
    continue_hook: 'The deployment that waits is told to go back',
    stop_deployment: 'The deployment under way is stopped and goes back',
    pipeline: 'A workflow brings the earlier version back',
    emergency: 'Only past the pipeline, as an emergency',
    refused: 'It cannot go back now',
    unknown: 'This page does not know how it would go back',
  },
  running: 'Running now',
  runningUnknown: 'What runs now is not known.',
  targets: 'Go back to',
  noTargets: 'Nothing to go back to',
  noTargetsHelp:
    'No earlier deployment is known to have run healthy here. Deploy a repaired version instead.',
  gone: 'The deployment you came with is none that can be gone back to (any more). Choose another one.',
  deployed: 'deployed {{when}}',
  ran: 'ran {{duration}}',
  by: 'by {{who}}',
  approvedBy: 'approved by {{who}}',
  approvedByNobody: 'no approver known',
  checks: 'Checks of {{sha}}',
  checkFailed: 'Cannot be chosen: a check failed.',
  impossible: 'Cannot be chosen.',
  reason: 'Your reason',
  reasonHelp: 'Required; kept in the audit, in your name.',
  database: 'Database and configuration are not rolled back',
  databaseHelp:
    'Only the version of the service goes back. Migrations stay, and so do secrets, parameters and feature flags: make sure the earlier version can work with them.',
  confirm: 'Roll back',
  emergency: 'Emergency…',
  emergencyTitle: 'Roll {{environment}} back past the rules?',
  emergencyWhat:
    '{{environment}} goes back to {{sha}} at once, past the pipeline and its gate, in your name.',
  emergencyReview:
    'The owners are told, and it stays open until somebody else has looked into it.',
  emergencyConfirm: 'Roll back now',
  tokenNext:
    'Here the emergency starts a workflow in your own name: click Emergency once more, you are then signed in at the vendor.',
  signIn:
    'Roll back asks for your own access at {{host}}; it is used once and kept nowhere.',
  needTarget: 'Choose what to go back to first.',
  needReason: 'Write why first, in at least three characters.',
  lookAgain: 'Look at what has changed first.',
  notFresh: 'What is shown is not fresh: {{message}}',
  asOf: 'as of {{when}}',
} as const;
