import { EntityRefLink } from '@backstage/plugin-catalog-react';
import type { ApprovalDetail } from 'backstage-plugin-delivery-common';
import { cutText } from '../../format/plainText';
import { useT } from '../../translation/deliveryTranslationRef';
import {
  Badge,
  CancelledIcon,
  Panel,
  PersonIcon,
  SuccessIcon,
  TeamIcon,
  UnknownIcon,
} from '../../ui';
import type { Tone } from '../../ui';
import { useDrawerStyles } from './drawerStyles';

type Reviewer = ApprovalDetail['reviewers'][number];

const MAY_LOOKS = {
  yes: { tone: 'ok', Icon: SuccessIcon, word: 'may' },
  no: { tone: 'error', Icon: CancelledIcon, word: 'mayNot' },
  unknown: { tone: 'warning', Icon: UnknownIcon, word: 'unknown' },
} as const satisfies Record<
  Reviewer['may'],
  { tone: Tone; Icon: typeof UnknownIcon; word: string }
>;

function ReviewerLine(props: { reviewer: Reviewer }) {
  const classes = useDrawerStyles();
  const t = useT();
  const { reviewer } = props;
  const { tone, Icon, word } = MAY_LOOKS[reviewer.may];
  const Sign = reviewer.kind === 'team' ? TeamIcon : PersonIcon;
  const reason = cutText(reviewer.reason ?? '', 120);
  return (
    <li className={classes.item} data-may={reviewer.may}>
      <Sign aria-hidden className={classes.icon} />
      <span className={classes.grow}>
        <bdi>{cutText(reviewer.name, 80)}</bdi>
        {reviewer.kind === 'team' && ` (${t('approval.people.team')})`}
        {reviewer.you && ` (${t('approval.people.you')})`}
      </span>
      <Badge tone={tone} Icon={Icon}>
        {reason || t(`approval.people.${word}`)}
      </Badge>
    </li>
  );
}

/** Who asked, and who may decide, each with the reason. */
export function PeoplePanel(props: { detail: ApprovalDetail }) {
  const classes = useDrawerStyles();
  const t = useT();
  const { approval, reviewers } = props.detail;
  const { requestedBy } = approval;
  return (
    <Panel title={t('approval.people.title')}>
      {reviewers.length === 0 && (
        <p className={classes.text}>{t('approval.people.none')}</p>
      )}
      <ul className={classes.list} aria-label={t('approval.people.title')}>
        {reviewers.map((reviewer, index) => (
          <ReviewerLine key={`${index}-${reviewer.name}`} reviewer={reviewer} />
        ))}
      </ul>
      {requestedBy && (
        <p className={`${classes.side} ${classes.gapAbove}`}>
          {t('approval.people.asked', {
            who: requestedBy.userRef ? (
              <EntityRefLink entityRef={requestedBy.userRef} />
            ) : (
              <bdi>{cutText(requestedBy.login, 80)}</bdi>
            ),
          })}
        </p>
      )}
    </Panel>
  );
}
