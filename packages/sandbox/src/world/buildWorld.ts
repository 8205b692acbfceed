import {
  createAwsCloud,
  emptyRecords,
  type AwsCloud,
  type AwsRecords,
} from '../aws';
import {
  DEFAULT_SPEED,
  HandClock,
  HEALTH_KEY,
  readWorkflowFile,
} from '../engine';
import type { GitStore, SandboxState } from '../state';
import { workflowRecord } from '../engine/runRecords';
import { seedAws } from './aws/seedAws';
import { HEALTH } from './health';
import { addPeople } from './people';
import { importTimeline } from './importTimeline';
import { addPlatformV2, addProducts, platformV2Files } from './products';
import { DAY } from './plan';
import { PlannedSource } from './plannedSource';
import { playHistory, type RepoTimeline } from './playHistory';
import { addRepository, repositoryFiles, REPOSITORIES } from './repositories';
import { planTimeline } from './timeline';

/** Days of history before the anchor. */
export const HISTORY_DAYS = 90;

/** Under this key of `state.saved` lie the records of AWS. */
const AWS_KEY = 'aws';

/** Who and what exists, and what happened in the last 90 days. Decided by seed and anchor alone. */
export async function buildWorld(options: {
  state: SandboxState;
  git: GitStore;
  seed: string;
  /** A time of the day (UTC) at whose start history ends. */
  anchor: number;
  /** `false`: people, repositories and their first commit only. */
  history?: boolean;
  /** Real-world durations are divided by this; the same as the engine's. */
  speed?: number;
}): Promise<void> {
  const { state, git, seed } = options;
  const until = options.anchor - (options.anchor % DAY);
  const from = until - HISTORY_DAYS * DAY;
  const span = { from, until, seed };
  state.saved.set(HEALTH_KEY, HEALTH);
  addPeople(state);
  const source = new PlannedSource();
  const repos: RepoTimeline[] = [];
  const onDemand: (() => void)[] = [];
  let platformSha = '';
  for (const spec of REPOSITORIES) {
    const createdAt = from - 30 * DAY;
    const repo = addRepository(state, spec, createdAt);
    const slug = `${spec.owner}/${spec.name}`;
    const files = repositoryFiles(spec, platformSha);
    const { mergeMethod: method } = spec;
    const timeline = planTimeline(slug, files, { ...span, method });
    if (options.history === false) timeline.commits.splice(1);
    await git.init(repo);
    await importTimeline(git, repo, timeline);
    const [{ sha: firstSha }] = timeline.commits;
    if (platformSha === '') platformSha = firstSha;
    source.add(repo, timeline);
    source.move(repo, 'main', firstSha);
    repos.push({ repo, timeline });
    for (const [path, text] of Object.entries(files)) {
      if (path.startsWith('.github/workflows/')) {
        const { name, on } = readWorkflowFile(path, text);
        const register = () => {
          workflowRecord(state, repo, path, name).createdAt = createdAt;
        };
        // Ids decide what happens in the past: what only people start on demand must not move them.
        if ([...on.keys()].join() === 'workflow_dispatch') {
          onDemand.push(register);
        } else register();
      }
    }
  }
  const speed = options.speed ?? DEFAULT_SPEED;
  const clock = new HandClock(repos[0].timeline.commits[0].at);
  const records = emptyRecords();
  state.saved.set(AWS_KEY, records);
  const checkedAt = until - DAY;
  const aws = pastAws(records, { clock, seed, speed, repos, checkedAt });
  if (options.history !== false) {
    await playHistory({ ...options, source, clock, speed, repos, until, aws });
  }
  onDemand.forEach(register => register());
  clock.advanceTo(until);
  aws.settle();
  // last, so that the ids of what was there before stay what they were
  addProducts(state);
  const files = platformV2Files();
  await addPlatformV2(state, git, repos[0].repo, { at: until, files });
}

/** AWS of the past: its services run the first commits. */
function pastAws(
  records: AwsRecords,
  options: {
    clock: HandClock;
    seed: string;
    speed: number;
    repos: RepoTimeline[];
    checkedAt: number;
  },
): AwsCloud {
  const { clock, seed, speed, repos, checkedAt } = options;
  const aws = createAwsCloud({
    records,
    clock,
    speed,
    seed,
    changed: () => {},
  });
  const firstCommits = new Map(
    repos.map(({ repo, timeline }) => [
      `${repo.owner}/${repo.name}`,
      timeline.commits[0].sha,
    ]),
  );
  seedAws(aws, { firstCommits, createdAt: clock.now(), checkedAt });
  return aws;
}
