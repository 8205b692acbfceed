import type { ActOperation } from 'backstage-plugin-delivery-common';
import { useEffect, useRef } from 'react';
import { useOperation } from '../../hooks/useOperation';
import { useT } from '../../translation/deliveryTranslationRef';
import { Message, Skeleton, WarningIcon } from '../../ui';
import { errorSentence } from '../states';
import { OperationView } from './OperationView';

/** Follows something that was begun in the person's name, until it is over. */
export function OperationProgress(props: {
  operationId: string;
  /** Of the decision it is; absent for every other act. */
  approvalId?: string;
  /** Called once for each state it comes to that is not `running`. */
  onEnd?: (operation: ActOperation) => void;
}) {
  const t = useT();
  const { data, error } = useOperation(props.operationId, props.approvalId);
  const told = useRef<string>();
  const { onEnd } = props;
  useEffect(() => {
    if (!data || data.state === 'running') return;
    const key = `${data.id} ${data.state}`;
    if (told.current === key) return;
    told.current = key;
    onEnd?.(data);
  }, [data, onEnd]);
  return (
    <div role="status" aria-label={t('operation.label')}>
      {!data && !error && <Skeleton width="60%" />}
      {data && <OperationView operation={data} />}
      {error && (
        <Message tone="warning" icon={<WarningIcon />}>
          {t('operation.away', { message: errorSentence(error) })}
        </Message>
      )}
    </div>
  );
}
