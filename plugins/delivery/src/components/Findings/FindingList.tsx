import type { Finding } from 'backstage-plugin-delivery-common';
import { useState } from 'react';
import { useT } from '../../translation/deliveryTranslationRef';
import { makeStyles } from '../../ui';
import { FindingItem } from './FindingItem';
import { ReviewDialog } from './ReviewDialog';

const useStyles = makeStyles(
  { list: { margin: 0, padding: 0, listStyle: 'none', minWidth: 0 } },
  { name: 'DeliveryFindingList' },
);

/** Findings, with the way to say that one was looked into. */
export function FindingList(props: {
  findings: Finding[];
  showService: boolean;
}) {
  const classes = useStyles();
  const t = useT();
  const [reviewing, setReviewing] = useState<Finding>();
  return (
    <>
      <ul className={classes.list} aria-label={t('findings.list')}>
        {props.findings.map(finding => (
          <FindingItem
            key={finding.id}
            finding={finding}
            showService={props.showService}
            onReview={setReviewing}
          />
        ))}
      </ul>
      {reviewing && (
        <ReviewDialog
          key={reviewing.id}
          finding={reviewing}
          onClose={() => setReviewing(undefined)}
        />
      )}
    </>
  );
}
