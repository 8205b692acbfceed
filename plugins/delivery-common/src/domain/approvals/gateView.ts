import { canonical, compareText } from '../canonical';
import { plain, shortSha } from '../environments/vendorText';
import type { GatePolicy, GateReading, GateRun, GateView } from './facts';
import { listed } from './words';

/** What a person saw of a gate, in an order that does not depend on how the vendor listed it: equal facts give equal views. */
export function gateViewOf(input: {
  runKey: string;
  run: GateRun;
  gate: GateReading;
  policy: GatePolicy;
  runningSha?: string;
  digest?: string;
}): GateView {
  const { run, gate } = input;
  return {
    attempt: run.attempt,
    canAdminsBypass: gate.canAdminsBypass,
    digest: input.digest,
    environmentId: gate.environmentId,
    headSha: run.headSha,
    pendingDeployments: sorted(run.pendingDeployments),
    policy: input.policy,
    preventSelfReview: gate.preventSelfReview,
    reviewers: sorted(
      gate.reviewers.map(({ kind, id, name }) => `${kind}:${id}:${name}`),
    ),
    runKey: input.runKey,
    runningSha: input.runningSha,
  };
}

function sorted(texts: string[]): string[] {
  return [...new Set(texts)].sort(compareText);
}

type Sentence = (now: GateView, seen: GateView) => string;

const SENTENCES: { [Key in keyof Required<GateView>]: Sentence } = {
  runKey: () => 'It is another run.',
  attempt: now => `The run was started again (attempt ${now.attempt}).`,
  headSha: (now, seen) =>
    replaced('The commit', shortSha(now.headSha), shortSha(seen.headSha)),
  digest: (now, seen) =>
    replaced('The image', plain(now.digest, 19), plain(seen.digest, 19)),
  environmentId: () => 'The environment at the vendor is another one.',
  pendingDeployments: now =>
    now.pendingDeployments.length === 0
      ? 'No deployment waits any more.'
      : 'Other deployments wait than before.',
  reviewers: now =>
    now.reviewers.length === 0
      ? 'The environment has no reviewers any more.'
      : `Other people may decide now: ${listed(
          now.reviewers.map(reviewerInWords),
        )}.`,
  preventSelfReview: now =>
    now.preventSelfReview
      ? 'Whoever starts the run cannot approve it any more.'
      : 'The environment does not keep whoever started the run from approving it any more.',
  canAdminsBypass: now =>
    now.canAdminsBypass === false
      ? 'Administrators cannot go past the gate any more.'
      : 'Administrators may go past the gate now.',
  policy: () => 'The policy of the environment was changed.',
  runningSha: (now, seen) =>
    replaced(
      'What runs there',
      shortSha(now.runningSha ?? ''),
      shortSha(seen.runningSha ?? ''),
    ),
};

/** One sentence for each thing that is not as it was seen; none when nothing changed. */
export function viewDifferences(
  seen: GateView | undefined,
  now: GateView,
): string[] {
  if (!seen) {
    return ['What you saw is not known any more: look at it again.'];
  }
  return (Object.keys(SENTENCES) as (keyof GateView)[])
    .filter(key => canonical(seen[key]) !== canonical(now[key]))
    .map(key => SENTENCES[key](now, seen));
}

/** Empty texts stand for what is not known. */
function replaced(what: string, now: string, seen: string): string {
  if (!now) return `${what} is not known any more; it was ${seen}.`;
  return seen
    ? `${what} is ${now} now, not ${seen}.`
    : `${what} is known now: ${now}.`;
}

function reviewerInWords(reviewer: string): string {
  const [, id, ...name] = reviewer.split(':');
  return plain(name.join(':') || id, 100);
}
