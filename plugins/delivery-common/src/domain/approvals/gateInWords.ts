import { plain } from '../environments/vendorText';
import type { GateReading } from './facts';
import { reviewerNames, spanInWords } from './words';

/** What the gate in force makes sure of and what it does not, in sentences. */
export function gateInWords(gate: GateReading | undefined): {
  title: string;
  enforces: string[];
  doesNotPrevent: string[];
} {
  const title = 'GitHub required reviewers';
  if (!gate) {
    return {
      title,
      enforces: [],
      doesNotPrevent: [
        'The gate could not be read, so it is not known what it prevents.',
      ],
    };
  }
  return {
    title,
    enforces: enforces(gate),
    doesNotPrevent: doesNotPrevent(gate),
  };
}

function enforces(gate: GateReading): string[] {
  const sentences: string[] = [];
  if (gate.reviewers.length > 0) {
    sentences.push(
      `One of ${reviewerNames(gate.reviewers)} must approve at GitHub before ${
        plain(gate.environmentName, 100) || 'the environment'
      } is deployed to.`,
    );
  }
  if (gate.preventSelfReview === true) {
    sentences.push('Whoever started the run cannot approve it.');
  }
  if (gate.waitTimerMinutes > 0) {
    sentences.push(
      `GitHub takes no decision before ${spanInWords(
        gate.waitTimerMinutes * 60_000,
      )} have passed.`,
    );
  }
  return sentences;
}

function doesNotPrevent(gate: GateReading): string[] {
  const sentences: string[] = [];
  if (gate.reviewers.length === 0) {
    sentences.push(
      'There are no required reviewers: GitHub lets everything in without asking.',
    );
  } else {
    sentences.push(
      'One approval at GitHub’s own page finishes it; the portal cannot ask for a second one.',
    );
  }
  if (gate.preventSelfReview !== true) {
    sentences.push(
      gate.preventSelfReview === false
        ? 'At GitHub, whoever started the run can approve it.'
        : 'GitHub does not say whether whoever started the run can approve it.',
    );
  }
  if (gate.canAdminsBypass !== false) {
    sentences.push(
      gate.canAdminsBypass === true
        ? 'Administrators of the repository can go past it.'
        : 'GitHub does not say whether administrators of the repository can go past it.',
    );
  }
  sentences.push(
    'Authors of the commits are checked only here: GitHub lets them approve their own change when somebody else started the run. The same holds for freezes, soak and required checks.',
  );
  return sentences;
}
