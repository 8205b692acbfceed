import type { Job, RunDetail } from 'backstage-plugin-delivery-common';
import { plainText } from '../../format/plainText';
import { useT } from '../../translation/deliveryTranslationRef';
import { Panel } from '../../ui';
import { JobList } from './JobList';

/** All jobs of the node the chosen job belongs to, when there are several. */
export function MatrixLegs(props: {
  detail: RunDetail;
  job: Job;
  onChoose: (job: string) => void;
}) {
  const t = useT();
  const { detail, job } = props;
  if (detail.graph.kind !== 'placed') return null;
  const node = detail.graph.nodes.find(entry => entry.jobs.includes(job.id));
  if (!node || node.jobs.length < 2) return null;
  const legs = detail.jobs.filter(entry => node.jobs.includes(entry.id));
  const label = t('graph.legs', { name: plainText(node.name) });
  return (
    <Panel title={label}>
      <JobList
        jobs={legs}
        chosen={job.id}
        onChoose={props.onChoose}
        label={label}
      />
    </Panel>
  );
}
