import {
  branchNames,
  findEnvironment,
  isWithin,
  type Environment,
} from '../github/environments';
import type { PersonClient } from '../github/PersonClient';
import type { Repository } from '../github/repositories';
import { differingVariables, readVariables } from '../github/variables';
import { nameOf } from '../people/reviewers';
import {
  check,
  fail,
  pass,
  passUnless,
  type Checked,
  type Outcome,
} from './items';

/** What an environment should be, as `delivery:plan` gave it. */
export interface ExpectedEnvironment {
  name: string;
  approval?: boolean;
  branches?: string[];
  variables?: Record<string, string>;
}

const AGAIN = 'Start the task again.';
const SETTINGS = 'Mend it in the settings of the environment at GitHub.';

export async function checkEnvironment(
  client: PersonClient,
  repository: Repository,
  expected: ExpectedEnvironment,
): Promise<Checked[]> {
  const { name, approval = false, branches = ['main'] } = expected;
  // Asked for once; each line that needs it says why when it could not be read.
  const reading = findEnvironment({ client, repository, name });
  reading.catch(() => {});
  const line = (
    part: string,
    label: string,
    judge: (found: Environment) => Outcome,
    hard = false,
  ) =>
    check(
      `environment:${name}:${part}`,
      `Environment ${name}: ${label}`,
      async () => {
        const found = await reading;
        return found ? judge(found) : fail('it does not exist', AGAIN);
      },
      hard,
    );
  return Promise.all([
    ...(approval
      ? [
          line('reviewers', 'somebody has to approve', judgeReviewers, true),
          line('self-review', 'nobody approves their own', judgeSelf, true),
        ]
      : []),
    line(
      'branches',
      'only named branches deploy',
      found => judgeBranches(found, branches),
      approval,
    ),
    line('bypass', 'no bypass for administrators', judgeBypass),
    check(
      `environment:${name}:variables`,
      `Environment ${name}: variables`,
      async () => {
        const place = { client, repository, environment: name };
        const wanted = expected.variables ?? {};
        const wrong = differingVariables(await readVariables(place), wanted);
        return passUnless(
          wrong.map(one => `${one} is missing or different`),
          `${Object.keys(wanted).length} as planned`,
          AGAIN,
        );
      },
    ),
  ]);
}

function judgeReviewers({ reviewers }: Environment): Outcome {
  return reviewers.length > 0
    ? pass(reviewers.map(nameOf).join(', '))
    : fail('there is no reviewer, so it is not protected', SETTINGS);
}

function judgeSelf({ preventSelfReview }: Environment): Outcome {
  return preventSelfReview
    ? pass('prevented')
    : fail('people may approve what they started themselves', SETTINGS);
}

function judgeBranches(
  { branches }: Environment,
  wanted: readonly string[],
): Outcome {
  if (branches.kind === 'all') return fail('every branch may deploy', SETTINGS);
  const names = branchNames(branches).join(', ') || 'none';
  return pass(isWithin(branches, wanted) ? names : `its own list: ${names}`);
}

function judgeBypass({ adminsBypass }: Environment): Outcome {
  if (adminsBypass === undefined) {
    return { result: 'unknown', detail: 'GitHub does not say' };
  }
  return adminsBypass
    ? fail('administrators may bypass its rules', SETTINGS)
    : pass('prevented');
}
