import { EntityRefLink } from '@backstage/plugin-catalog-react';
import type { RunDetail } from 'backstage-plugin-delivery-common';
import { formatBytes } from '../../format/duration';
import { plainText } from '../../format/plainText';
import { useT } from '../../translation/deliveryTranslationRef';
import { lineColor, makeStyles, Panel, secondaryText } from '../../ui';
import type { Theme } from '../../ui';
import { RunApprovals } from '../ApprovalCard';
import { Ago } from '../Time';

const useStyles = makeStyles<Theme>(
  theme => ({
    root: {
      display: 'grid',
      gridTemplateColumns: 'repeat(auto-fit, minmax(260px, 1fr))',
      gap: theme.spacing(1.5),
      alignItems: 'start',
    },
    list: { margin: 0, padding: 0, listStyle: 'none' },
    item: {
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'baseline',
      gap: theme.spacing(0, 1),
      padding: theme.spacing(0.75, 0),
      borderBottom: `1px solid ${lineColor(theme)}`,
      '&:last-child': { borderBottom: 'none' },
      ...theme.typography.body2,
      fontSize: '0.8125rem',
      color: theme.palette.text.primary,
      overflowWrap: 'anywhere',
    },
    side: { fontSize: '0.75rem', color: secondaryText(theme) },
    none: {
      margin: 0,
      ...theme.typography.body2,
      fontSize: '0.8125rem',
      color: secondaryText(theme),
    },
  }),
  { name: 'DeliverySidePanels' },
);

/** What a run left behind, where it went, and whose it is. */
export function SidePanels(props: { detail: RunDetail }) {
  const classes = useStyles();
  const t = useT();
  const { artifacts, deployments, deploymentsKnownSince, run, services } =
    props.detail;
  const deploymentsKnown =
    deploymentsKnownSince !== undefined &&
    run.createdAt >= deploymentsKnownSince;
  return (
    <div className={classes.root}>
      <RunApprovals approvals={props.detail.approvals} />
      <Panel title={t('run.artifacts')}>
        {artifacts.problem && (
          <p className={classes.none} role="status">
            {t('run.artifactsProblem', {
              message: plainText(artifacts.problem.message),
            })}
          </p>
        )}
        {!artifacts.problem && artifacts.items.length === 0 && (
          <p className={classes.none}>{t('run.artifactsNone')}</p>
        )}
        <ul className={classes.list}>
          {artifacts.items.map((item, index) => (
            <li key={`${index}-${item.name}`} className={classes.item}>
              <bdi>{plainText(item.name)}</bdi>
              <span className={classes.side}>
                {formatBytes(item.sizeInBytes, t)}
                {item.expired && ` · ${t('run.expired')}`}
              </span>
              {item.digest && (
                <code className={classes.side} title={item.digest}>
                  {plainText(item.digest).slice(0, 19)}
                </code>
              )}
            </li>
          ))}
        </ul>
      </Panel>
      <Panel title={t('run.deployments')}>
        {deployments.length === 0 && (
          <p className={classes.none}>
            {deploymentsKnown
              ? t('run.deploymentsNone')
              : t('run.deploymentsUnknown')}
          </p>
        )}
        <ul className={classes.list}>
          {deployments.map(deployment => (
            <li key={deployment.id} className={classes.item}>
              <bdi>{plainText(deployment.environment)}</bdi>
              <span className={classes.side}>
                <bdi>{plainText(deployment.state)}</bdi>
                {' · '}
                <Ago at={deployment.createdAt} />
                {deployment.creator && ' · '}
                {deployment.creator &&
                  t('run.deployedBy', { actor: plainText(deployment.creator) })}
              </span>
            </li>
          ))}
        </ul>
      </Panel>
      <Panel title={t('run.services')}>
        {services.length === 0 && (
          <p className={classes.none}>{t('run.servicesNone')}</p>
        )}
        <ul className={classes.list}>
          {services.map(service => (
            <li key={service} className={classes.item}>
              <EntityRefLink entityRef={service} />
            </li>
          ))}
        </ul>
      </Panel>
    </div>
  );
}
