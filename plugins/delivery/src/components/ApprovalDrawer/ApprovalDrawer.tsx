import { Link } from '@backstage/core-components';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import type { ApprovalDetail } from 'backstage-plugin-delivery-common';
import { Fragment, useRef } from 'react';
import { cutText, shortSha } from '../../format/plainText';
import { hostLabel, safeUrl } from '../../format/safeUrl';
import { useApproval } from '../../hooks/useApproval';
import { useRunPath } from '../../hooks/useRunPath';
import { useT } from '../../translation/deliveryTranslationRef';
import type { T } from '../../translation/deliveryTranslationRef';
import {
  Action,
  Badge,
  Drawer,
  ExternalIcon,
  GateIcon,
  makeStyles,
  Message,
  WarningIcon,
} from '../../ui';
import { ApprovalBadge } from '../ApprovalCard/ApprovalBadge';
import { Expires, WaitingSince } from '../ApprovalCard/Waiting';
import { EmptyState, errorSentence, ErrorState, statusOf } from '../states';
import { Ago } from '../Time';
import { ApprovalSkeleton } from './ApprovalSkeleton';
import { ChangesPanel } from './ChangesPanel';
import { CommitsPanel } from './CommitsPanel';
import { DecisionPanel } from './DecisionPanel';
import { useDrawerStyles } from './drawerStyles';
import { EvidencePanel } from './EvidencePanel';
import { PeoplePanel } from './PeoplePanel';
import { GatePanel, PolicyPanel } from './RulesPanels';

const useStyles = makeStyles(
  theme => ({
    root: {
      display: 'grid',
      gridTemplateColumns: 'minmax(0, 1fr)',
      gap: theme.spacing(1.5),
    },
    bar: {
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'center',
      gap: theme.spacing(1),
    },
  }),
  { name: 'DeliveryApproval' },
);

function titleOf(detail: ApprovalDetail | undefined, t: T): string {
  if (!detail) return t('approval.titleLoading');
  const { approval } = detail;
  const words = {
    sha: shortSha(approval.sha),
    environment: cutText(approval.environment, 80),
  };
  return approval.state === 'waiting'
    ? t('approval.title', words)
    : t('approval.titleDecided', words);
}

/** Whose it is, which run, who asked, and for how long it waits. */
function Subtitle(props: { detail: ApprovalDetail }) {
  const t = useT();
  const runPath = useRunPath();
  const { approval } = props.detail;
  const run = t('approval.run', { n: `${approval.runNumber}` });
  const to = runPath?.(approval.runId);
  const who = cutText(approval.requestedBy?.login ?? '', 80);
  return (
    <>
      {approval.services.map(service => (
        <Fragment key={service}>
          <EntityRefLink entityRef={service} />
          {' · '}
        </Fragment>
      ))}
      {to ? <Link to={to}>{run}</Link> : run}
      {who && ' · '}
      {who && t('approval.askedBy', { who: <bdi>{who}</bdi> })}
      {approval.state === 'waiting' && (
        <>
          {' · '}
          <WaitingSince since={approval.since} />
          {' · '}
          <Expires at={approval.expiresAt} />
        </>
      )}
    </>
  );
}

/** What is let in and who may, as it was while it waited: nobody can read the gate of something that is decided. */
function Case(props: { detail: ApprovalDetail; seen?: ApprovalDetail }) {
  const shared = useDrawerStyles();
  const { detail, seen } = props;
  if (!seen) return <DecisionPanel detail={detail} />;
  // Going back lets in no commit that was not there before.
  const goesBack = seen.risk.some(({ code }) => code === 'rollback');
  return (
    <div className={shared.frame}>
      <div className={shared.columns}>
        <div className={shared.column}>
          <ChangesPanel detail={seen} />
          {!goesBack && <CommitsPanel commits={seen.commits} />}
          <EvidencePanel detail={seen} />
        </div>
        <div className={shared.column}>
          <PeoplePanel detail={seen} />
          <GatePanel gate={seen.gate} />
          <PolicyPanel policy={seen.policy} />
          <DecisionPanel detail={detail} />
        </div>
      </div>
    </div>
  );
}

function Content(props: {
  detail: ApprovalDetail;
  seen?: ApprovalDetail;
  staleBecause?: Error;
}) {
  const classes = useStyles();
  const shared = useDrawerStyles();
  const t = useT();
  const { detail, staleBecause } = props;
  const url = safeUrl(detail.url);
  return (
    <div className={classes.root}>
      <div className={classes.bar}>
        <ApprovalBadge state={detail.approval.state} />
        <Badge tone="neutral" Icon={GateIcon}>
          {t('approval.gate', {
            title: cutText(detail.gate.title, 80),
          })}
        </Badge>
        {url && (
          <Action to={url} icon={<ExternalIcon fontSize="small" />}>
            {t('approval.openAt', { host: hostLabel(url) })}
          </Action>
        )}
        <span className={shared.side}>
          {t('approval.asOf', { when: <Ago at={detail.asOf} /> })}
        </span>
      </div>
      {staleBecause && (
        <Message role="status" tone="warning" icon={<WarningIcon />}>
          {t('approval.notFresh', { message: errorSentence(staleBecause) })}
        </Message>
      )}
      {detail.problems.length > 0 && (
        <Message
          role="status"
          tone="warning"
          icon={<WarningIcon />}
          title={t('approval.problems')}
        >
          {detail.problems.map(({ code, message }, index) => (
            <div key={`${index}-${code}`} dir="auto">
              {cutText(message, 500)}
            </div>
          ))}
        </Message>
      )}
      <Case detail={detail} seen={props.seen} />
    </div>
  );
}

function Opened(props: { id: string; onClose: () => void }) {
  const t = useT();
  const { data, error, refetch } = useApproval(props.id);
  const seen = useRef<ApprovalDetail>();
  if (data?.approval.state === 'waiting') seen.current = data;
  const gone = error !== null && statusOf(error) === 404;
  const body = () => {
    if (gone) {
      return (
        <EmptyState title={t('approval.gone')} help={t('approval.goneHelp')} />
      );
    }
    if (data) {
      return (
        <Content
          detail={data}
          seen={seen.current}
          staleBecause={error ?? undefined}
        />
      );
    }
    return error ? (
      <ErrorState error={error} onRetry={refetch} />
    ) : (
      <ApprovalSkeleton />
    );
  };
  return (
    <Drawer
      open
      wide
      onClose={props.onClose}
      closeLabel={t('approval.close')}
      title={titleOf(gone ? undefined : data, t)}
      subtitle={data && !gone && <Subtitle detail={data} />}
    >
      {body()}
    </Drawer>
  );
}

/** Everything somebody needs to decide, and the decision itself; open while there is an id. */
export function ApprovalDrawer(props: {
  id: string | undefined;
  onClose: () => void;
}) {
  if (props.id === undefined) return null;
  // Another approval begins anew: a reason written for one must not go with the other.
  return <Opened key={props.id} id={props.id} onClose={props.onClose} />;
}
