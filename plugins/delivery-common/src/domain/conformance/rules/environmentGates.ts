import type {
  ConformanceEnvironment,
  ConformanceFacts,
  RuleAnswer,
} from '../facts';
import type { Pipeline } from '../Pipeline';
import { isProduction, productionJobs, ungatedJobs } from '../recognise';
import { at, called, fail, pass, unknown } from '../tell';

const UNREAD =
  'The environments were not read: a checkout does not hold them, and the portal’s App needs to be installed there.';

/**
 * Asks something of every environment of production that the pipeline uses.
 *
 * @param wrong - what is wrong with one, as a sentence without its name; undefined when it is as it should be
 */
function ofProduction(
  pipeline: Pipeline,
  facts: ConformanceFacts,
  ask: {
    wrong(environment: ConformanceEnvironment): string | undefined;
    right: string;
    fix: string;
  },
): RuleAnswer {
  const ungated = ungatedJobs(pipeline);
  const jobs = productionJobs(pipeline, facts);
  if (ungated.length > 0) {
    return fail(
      `Give the job \`environment:\` with an environment of production, and protect that. ${ask.fix}`,
      ungated.map(job =>
        at(
          job,
          `${called(
            job,
          )} deploys without naming an environment: nothing can hold it.`,
        ),
      ),
    );
  }
  const names = [
    ...new Set([
      ...jobs.flatMap(({ environment }) => environment ?? []),
      ...(facts.environments ?? [])
        .map(({ name }) => name)
        .filter(name => isProduction(name, facts)),
    ]),
  ].sort();
  if (names.length === 0) {
    return unknown('No job names an environment of production.');
  }
  if (!facts.environments) return unknown(UNREAD);
  const found = names.map(name => ({
    name,
    environment: facts.environments?.find(item => item.name === name),
  }));
  const evidence = found.flatMap(({ name, environment }) => {
    if (!environment) {
      return [
        {
          text: `${name} does not exist yet: the first run would make it, unprotected.`,
        },
      ];
    }
    const text = ask.wrong(environment);
    return text === undefined ? [] : [{ text: `${name} ${text}` }];
  });
  if (evidence.length > 0) return fail(ask.fix, evidence);
  return pass({ text: `${names.join(', ')}: ${ask.right}` });
}

/** Somebody has to approve, and never whoever started the run. */
export const reviewers = (pipeline: Pipeline, facts: ConformanceFacts) =>
  ofProduction(pipeline, facts, {
    wrong: environment => {
      if (environment.reviewers === 0) return 'has no reviewer.';
      return environment.preventSelfReview
        ? undefined
        : 'lets people approve their own runs.';
    },
    right: 'reviewers, and nobody approves their own run.',
    fix: 'Settings → Environments: add required reviewers (people or teams, six at most) and switch on “Prevent self-review”.',
  });

/** Only what was reviewed gets there. */
export const branchPolicy = (pipeline: Pipeline, facts: ConformanceFacts) =>
  ofProduction(pipeline, facts, {
    wrong: ({ branches }) => {
      if (branches === 'all') return 'takes deployments from any branch.';
      if (branches === 'protected') return undefined;
      const wide = branches.filter(name => name.startsWith('*'));
      return wide.length > 0
        ? `takes deployments from ${wide.join(', ')}.`
        : undefined;
    },
    right: 'only chosen branches deploy.',
    fix: 'Settings → Environments → Deployment branches: selected branches, `main`.',
  });

/** Administrators have no way around. */
export const adminBypass = (pipeline: Pipeline, facts: ConformanceFacts) =>
  ofProduction(pipeline, facts, {
    wrong: ({ adminsBypass }) =>
      adminsBypass ? 'lets administrators go past its protection.' : undefined,
    right: 'administrators have no way around it.',
    fix: 'Settings → Environments: switch off “Allow administrators to bypass configured protection rules”.',
  });
