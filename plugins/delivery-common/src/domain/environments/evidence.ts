import type { LogicalDeployment } from '../../contract';
import { compareText } from '../canonical';
import type { PipelineGroup } from './pipelineGroups';
import { sortedStatuses } from './pipelineOutcome';
import type { RuntimeStep } from './RuntimeSteps';
import { plain, webLink } from './vendorText';

type Evidence = LogicalDeployment['evidence'][number];

/** Jobs of one deployment that are told. */
const MAX_JOBS = 20;

/** What everybody says of one deployment, oldest first. */
export function evidenceOf(
  group: PipelineGroup | undefined,
  steps: RuntimeStep[],
): Evidence[] {
  const told = [...(group ? ofGroup(group) : []), ...steps.map(ofStep)];
  return told.sort(
    (a, b) =>
      a.at - b.at || compareText(a.source, b.source) || compareText(a.id, b.id),
  );
}

function ofGroup({ run, jobs, members, createdAt }: PipelineGroup): Evidence[] {
  const ofRun: Evidence[] = run
    ? [
        {
          ...{ source: 'run', id: run.runKey, at: createdAt },
          status: word(run.state),
          url: webLink(run.url),
        },
      ]
    : [];
  const ofJobs = jobs.slice(0, MAX_JOBS).map(
    (job): Evidence => ({
      ...{ source: 'job', id: job.jobKey, status: word(job.state) },
      at: job.startedAt ?? createdAt,
      url: webLink(job.url),
    }),
  );
  const ofVendor = members.map((member): Evidence => {
    const last = sortedStatuses(member.statuses).at(-1);
    return {
      ...{ source: 'vendor_deployment', id: member.deploymentKey },
      status: plain(last?.state, 40) || 'unknown',
      at: member.createdAt,
      url: webLink(last?.url),
    };
  });
  return [...ofRun, ...ofJobs, ...ofVendor];
}

function ofStep({ fact }: RuntimeStep): Evidence {
  return {
    ...{ source: 'runtime_deployment', id: fact.deploymentKey },
    status: plain(fact.rawStatus, 40) || fact.status,
    at: fact.createdAt,
  };
}

function word(state: { rawStatus: string; rawConclusion?: string }): string {
  return plain(state.rawConclusion ?? state.rawStatus, 40) || 'unknown';
}
