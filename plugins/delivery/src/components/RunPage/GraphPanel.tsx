import type { RunDetail } from 'backstage-plugin-delivery-common';
import { plainText } from '../../format/plainText';
import { useT } from '../../translation/deliveryTranslationRef';
import { makeStyles, Panel, secondaryText } from '../../ui';
import type { Theme } from '../../ui';
import { JobGraphView } from './JobGraphView';
import { JobList } from './JobList';
import { unplacedJobs } from './nodeView';

const useStyles = makeStyles<Theme>(
  theme => ({
    note: {
      margin: 0,
      ...theme.typography.body2,
      fontSize: '0.75rem',
      color: secondaryText(theme),
      overflowWrap: 'anywhere',
    },
    subtitle: {
      margin: theme.spacing(1, 0, 0),
      ...theme.typography.body2,
      fontWeight: 700,
    },
  }),
  { name: 'DeliveryGraphPanel' },
);

/** The jobs of an attempt: as a graph, or as a list with the reason why there is none. */
export function GraphPanel(props: {
  detail: RunDetail;
  chosen: string | undefined;
  onChoose: (job: string) => void;
  busy: boolean;
}) {
  const classes = useStyles();
  const t = useT();
  const { graph, jobs } = props.detail;
  const placed = graph.kind === 'placed' && graph.nodes.length > 0;
  const apart = placed ? unplacedJobs(graph, jobs) : jobs;
  const choice = { chosen: props.chosen, onChoose: props.onChoose };
  return (
    <Panel title={t('graph.title')} busy={props.busy}>
      {!placed && (
        <p className={classes.note} dir="auto">
          {graph.reason
            ? t('graph.flat', { reason: plainText(graph.reason.message) })
            : t('graph.flatUnknown')}
        </p>
      )}
      {placed && <JobGraphView graph={graph} jobs={jobs} {...choice} />}
      {placed && apart.length > 0 && (
        <>
          <h3 className={classes.subtitle}>{t('graph.unplaced')}</h3>
          <p className={classes.note}>{t('graph.unplacedHelp')}</p>
        </>
      )}
      {apart.length > 0 && (
        <JobList
          jobs={apart}
          label={placed ? t('graph.unplaced') : t('graph.title')}
          {...choice}
        />
      )}
      {!placed && jobs.length === 0 && (
        <p className={classes.note} role="status">
          {t('graph.none')}
        </p>
      )}
    </Panel>
  );
}
