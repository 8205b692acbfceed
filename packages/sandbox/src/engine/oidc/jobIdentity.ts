import type { JobRecord } from '../../state';
import type { AwsStepContext } from '../aws/awsStep';
import type { EngineCore } from '../EngineCore';
import type { RunPlayer } from '../RunPlayer';
import { descends, verifiedRuns } from '../WorkflowSource';
import { jobClaims } from './claims';
import { jobPlace } from './permissions';

export type JobIdentity = Pick<
  AwsStepContext,
  'idToken' | 'descends' | 'verifiedRuns' | 'state'
>;

/** What a job can prove about itself, and what it knows of its commit. */
export function jobIdentity(
  core: EngineCore,
  player: RunPlayer,
  job: JobRecord,
): JobIdentity {
  const { repo, run, loaded: root } = player;
  return {
    idToken(audience) {
      const { loaded: inside, permissions } = jobPlace(repo, root, job.key);
      if (permissions['id-token'] !== 'write') return null;
      if (core.aws) core.tokens.introduceTo(core.aws.records);
      const about = { repo, run, job, root, inside, audience };
      return core.tokens.sign(jobClaims(core.state, about, core.clock.now()));
    },
    state: core.state,
    verifiedRuns: () => {
      const tree = root.trees?.get(run.headSha);
      return verifiedRuns(core.state, repo).filter(
        ({ headSha }) =>
          tree !== undefined && root.trees?.get(headSha) === tree,
      );
    },
    descends: (commit, from) => descends(root.history, commit, from),
  };
}
