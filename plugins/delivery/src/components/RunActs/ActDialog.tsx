import type { ActOperation } from 'backstage-plugin-delivery-common';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { plainText } from '../../format/plainText';
import { hostLabel, safeUrl } from '../../format/safeUrl';
import type { ActHandle } from '../../hooks/useAct';
import { useT } from '../../translation/deliveryTranslationRef';
import type { T } from '../../translation/deliveryTranslationRef';
import {
  Action,
  ConfirmDialog,
  Message,
  TextArea,
  WarningIcon,
} from '../../ui';
import type { ActionKind } from '../../ui';
import { OperationProgress } from '../Operation';
import { ActProblemMessage } from './ActProblemMessage';
import { isBreakable } from './breakable';

/** As the contract asks for it. */
const SHORTEST = 3;
const LONGEST = 800;

/** What goes with a confirmed act. */
export interface Said {
  comment?: string;
  breakGlass?: true;
}

/** Name of the vendor's place, for sentences. */
export function vendorOf(repositoryUrl: string | undefined, t: T): string {
  const url = safeUrl(repositoryUrl);
  return url ? hostLabel(url) : t('acts.vendor');
}

function whyNotYet(
  facts: {
    phase: ActHandle['phase'];
    host: string;
    comment: string;
    required: boolean;
    reason: string | undefined;
  },
  t: T,
): string | undefined {
  const { comment, host, phase, reason, required } = facts;
  if (phase === 'signing') return t('acts.signing', { host });
  if (phase === 'sending') return t('acts.sending');
  if (reason !== undefined) return reason;
  if (comment.length >= SHORTEST) return undefined;
  if (required) return t('acts.commentMissing');
  return comment === '' ? undefined : t('acts.commentShort');
}

/** The rules said no: what going past them means, and the way there. */
function GlassOffer(props: { onBreak: () => void }) {
  const t = useT();
  return (
    <Message
      tone="warning"
      icon={<WarningIcon />}
      title={t('acts.glass.offerTitle')}
      actions={
        <Action kind="danger" onClick={props.onBreak}>
          {t('acts.glass.offerAction')}
        </Action>
      }
    >
      {t('acts.glass.offer')}
    </Message>
  );
}

/**
 * Says what an act will do and asks once more; after that it shows how the act goes on. When the rules for production say no and the
 * person may break the glass, it asks again, with a reason.
 */
export function ActDialog(props: {
  open: boolean;
  title: string;
  /** What will happen, and what else has to be said. */
  children: ReactNode;
  confirm: string;
  kind?: ActionKind;
  act: ActHandle;
  repositoryUrl: string | undefined;
  /** The act has rules of production, and the person may go past them. */
  mayBreak: boolean;
  /** Why it cannot be confirmed yet, whatever the comment. */
  reason?: string;
  /** Nothing can be done here: only closing is left. */
  idle?: boolean;
  onConfirm: (said: Said) => void;
  /** `over`: nothing is under way any more. */
  onClose: (over: boolean) => void;
}) {
  const t = useT();
  const { act } = props;
  const [comment, setComment] = useState('');
  const [ended, setEnded] = useState<ActOperation>();
  /** The rule that the person goes past. */
  const [past, setPast] = useState<string>();
  const host = vendorOf(props.repositoryUrl, t);
  const begun = act.operationId !== undefined;
  const over = ended?.id === act.operationId ? ended : undefined;
  const breaking = past !== undefined;
  const said = comment.trim();
  const why = whyNotYet(
    {
      phase: act.phase,
      reason:
        act.problem?.kind === 'stale' ? t('acts.staleHelp') : props.reason,
      required: breaking,
      comment: said,
      host,
    },
    t,
  );
  const close = () => {
    const isUnderWay = begun && (!over || over.state === 'running');
    props.onClose(!isUnderWay && act.phase === 'idle');
  };
  return (
    <ConfirmDialog
      open={props.open}
      title={breaking && !begun ? t('acts.glass.title') : props.title}
      confirm={
        breaking
          ? t('acts.glass.confirm', { act: props.confirm })
          : props.confirm
      }
      cancel={begun || props.idle ? t('acts.close') : t('acts.back')}
      kind={breaking ? 'danger' : props.kind}
      reason={why}
      done={begun || props.idle}
      onClose={close}
      onConfirm={() =>
        props.onConfirm({
          ...(said && { comment: said }),
          ...(breaking && { breakGlass: true as const }),
        })
      }
    >
      {!begun && breaking && (
        <Message role="status" tone="error" icon={<WarningIcon />}>
          {t('acts.glass.warning', { message: past })}
        </Message>
      )}
      {!begun && props.children}
      {!begun && !props.idle && (
        <>
          <TextArea
            label={t('acts.comment')}
            help={breaking ? t('acts.commentRequired') : t('acts.commentHelp')}
            required={breaking}
            rows={2}
            value={comment}
            onChange={setComment}
            maxLength={LONGEST}
            disabled={act.phase !== 'idle'}
          />
          {act.problem && <ActProblemMessage problem={act.problem} />}
          <div role="status" dir="auto">
            {why ?? t('acts.signIn', { host })}
          </div>
        </>
      )}
      {act.operationId !== undefined && (
        <OperationProgress
          operationId={act.operationId}
          onEnd={operation => {
            setEnded(operation);
            act.news();
          }}
        />
      )}
      {begun && props.mayBreak && !breaking && isBreakable(over) && (
        <GlassOffer
          onBreak={() => {
            setPast(plainText(over?.outcome?.message ?? ''));
            act.forget();
          }}
        />
      )}
    </ConfirmDialog>
  );
}
