import { useApi } from '@backstage/core-plugin-api';
import { isError, ResponseError } from '@backstage/errors';
import type {
  ApprovalDetail,
  DecisionBody,
} from 'backstage-plugin-delivery-common';
import { useCallback, useRef, useState } from 'react';
import { deliveryApiRef } from '../api/DeliveryApi';
import { errorSentence } from '../components/states';
import { clickKey } from './clickKey';
import { useApprovalNews } from './useApproval';
import { useUserToken } from './useUserToken';

/** Why nothing was begun. */
export interface DecisionProblem {
  /** `stale`: it is not what the person saw. `no_answer`: it may have arrived. */
  kind: 'stale' | 'no_answer' | 'refused';
  /** Stable code of the backend, when it has one. */
  code?: string;
  message: string;
}

export interface DecisionState {
  phase: 'idle' | 'signing' | 'sending';
  problem?: DecisionProblem;
  /** The decision that was begun here. */
  operationId?: string;
}

function codeOf(error: ResponseError): string | undefined {
  const { code } = error.cause as { code?: unknown };
  return typeof code === 'string' ? code : undefined;
}

function problemOf(error: unknown): DecisionProblem {
  const cause = isError(error) ? error : new Error(`${error}`);
  const message = errorSentence(cause);
  if (cause instanceof ResponseError) {
    const code = codeOf(cause);
    const kind = code === 'stale_view' ? 'stale' : 'refused';
    return { kind, code, message };
  }
  // fetch says TypeError when the line broke.
  return {
    kind: cause.name === 'TypeError' ? 'no_answer' : 'refused',
    message,
  };
}

/**
 * Decides in the person's own name. The token is asked for in the click, goes into that one request, and is nowhere else: on purpose no
 * mutation of the query library, which would remember what it was called with.
 */
export function useDecide(detail: ApprovalDetail) {
  const { client } = useApi(deliveryApiRef);
  const getToken = useUserToken(detail.repositoryUrl);
  const news = useApprovalNews();
  const [state, setState] = useState<DecisionState>({ phase: 'idle' });
  const busy = useRef(false);
  const { id } = detail.approval;

  const decide = useCallback(
    async (wish: Omit<DecisionBody, 'idempotencyKey'>) => {
      // A state would be set too late for the second click of a double click.
      if (busy.current) return;
      busy.current = true;
      const idempotencyKey = clickKey();
      try {
        setState({ phase: 'signing' });
        const userToken = await getToken();
        setState({ phase: 'sending' });
        const { operationId } = await client.decide({
          params: { id },
          body: { ...wish, idempotencyKey },
          userToken,
        });
        setState({ phase: 'idle', operationId });
      } catch (error) {
        setState({ phase: 'idle', problem: problemOf(error) });
        // Whatever was refused: what is shown may be the reason.
        news();
      } finally {
        busy.current = false;
      }
    },
    [client, getToken, id, news],
  );
  const forget = useCallback(
    () => setState(({ problem, ...rest }) => rest),
    [],
  );
  return { ...state, decide, forget };
}
