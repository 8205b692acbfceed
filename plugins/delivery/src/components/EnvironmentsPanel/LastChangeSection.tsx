import type { Environment } from 'backstage-plugin-delivery-common';
import { formatDuration } from '../../format/duration';
import { plainText } from '../../format/plainText';
import { useT } from '../../translation/deliveryTranslationRef';
import { CommitMark, DeploymentBadge } from '../EnvironmentState';
import { Ago } from '../Time';
import { Evidence, KindChip, RunLink } from './DeploymentFacts';
import { FactList, Section } from './FactList';
import { LastIncident } from './LastIncident';
import { useSectionStyles } from './sectionStyles';

/** The newest deployment: also one that failed or still moves. */
export function LastChangeSection(props: { environment: Environment }) {
  const classes = useSectionStyles();
  const t = useT();
  const { newest, deployment, lastIncident } = props.environment;
  const change = newest ?? deployment;
  if (!change) {
    return (
      <Section title={t('environment.lastChange')}>
        <p className={classes.none}>{t('environment.noChange')}</p>
      </Section>
    );
  }
  const approvers = change.approvedBy.map(plainText).join(', ');
  return (
    <Section title={t('environment.lastChange')}>
      <FactList
        facts={[
          [
            t('environment.statusLabel'),
            <span className={classes.line}>
              <DeploymentBadge deployment={change} />
              <KindChip deployment={change} />
            </span>,
          ],
          [
            t('environment.commitLabel'),
            <>
              <CommitMark commit={change.commit} />{' '}
              <bdi>{plainText(change.commit.title ?? '')}</bdi>
            </>,
          ],
          [t('environment.byLabel'), plainText(change.by ?? '')],
          [t('environment.approvedLabel'), approvers],
          [t('environment.startedLabel'), <Ago at={change.startedAt} />],
          [
            t('environment.tookLabel'),
            change.durationMs !== undefined &&
              formatDuration(change.durationMs, t),
          ],
          [
            t('environment.runLabel'),
            change.runId !== undefined && <RunLink deployment={change} />,
          ],
          [
            t('environment.messageLabel'),
            change.message !== undefined && (
              <bdi>{plainText(change.message)}</bdi>
            ),
          ],
          [
            t('environment.incidentLabel'),
            lastIncident && <LastIncident incident={lastIncident} />,
          ],
        ]}
      />
      <div className={classes.gapAbove}>
        <Evidence deployment={change} />
      </div>
    </Section>
  );
}
