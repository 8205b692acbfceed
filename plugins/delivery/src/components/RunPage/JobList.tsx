import type { Job } from 'backstage-plugin-delivery-common';
import { plainText } from '../../format/plainText';
import { useT } from '../../translation/deliveryTranslationRef';
import { makeStyles } from '../../ui';
import { isBad, stateWord } from '../StatusBadge';
import { NODE } from './graphSize';
import { JobButton } from './JobButton';
import { JobFacts } from './JobFacts';

const useStyles = makeStyles(
  theme => ({
    root: {
      display: 'grid',
      gridTemplateColumns: `repeat(auto-fill, minmax(${NODE.width}px, 1fr))`,
      gap: theme.spacing(1),
      margin: 0,
      padding: theme.spacing(1, 0),
      listStyle: 'none',
    },
    item: { display: 'grid' },
  }),
  { name: 'DeliveryJobList' },
);

/** Jobs side by side, without any order between them. */
export function JobList(props: {
  jobs: Job[];
  chosen: string | undefined;
  onChoose: (job: string) => void;
  label: string;
}) {
  const classes = useStyles();
  const t = useT();
  return (
    <ul className={classes.root} aria-label={props.label}>
      {props.jobs.map(job => {
        const gate = job.status === 'waiting';
        const name = plainText(job.name);
        return (
          <li key={job.id} className={classes.item}>
            <JobButton
              state={job}
              name={name}
              word={stateWord(job, t)}
              gate={gate}
              bad={isBad(job)}
              chosen={job.id === props.chosen}
              style={{ minHeight: NODE.height }}
              facts={
                <JobFacts
                  state={job}
                  startedAt={job.startedAt}
                  completedAt={job.completedAt}
                  expectedAt={job.expectedAt}
                  gate={gate}
                  environment={job.environment}
                />
              }
              onChoose={() => props.onChoose(job.id)}
            />
          </li>
        );
      })}
    </ul>
  );
}
