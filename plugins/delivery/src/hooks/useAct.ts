import { useApi } from '@backstage/core-plugin-api';
import { isError, ResponseError } from '@backstage/errors';
import { useCallback, useRef, useState } from 'react';
import { deliveryApiRef } from '../api/DeliveryApi';
import { errorSentence } from '../components/states';
import { clickKey } from './clickKey';
import { useUser } from './useUser';
import { useUserToken } from './useUserToken';

/** Why nothing was begun. */
export interface ActProblem {
  /** `stale`: it is not what the person saw. `no_answer`: it may have arrived. */
  kind: 'stale' | 'no_answer' | 'refused';
  /** Stable code of the backend, when it has one. */
  code?: string;
  message: string;
}

export interface ActState {
  phase: 'idle' | 'signing' | 'sending';
  problem?: ActProblem;
  /** What was begun here. */
  operationId?: string;
}

/** What goes with every act. */
export interface ActRequest {
  idempotencyKey: string;
  /** Absent when the act needs none. */
  userToken?: string;
}

/** Everything on which an act can be seen. */
const SHOWN_ON = [
  'run',
  'runs',
  'overview',
  'approval',
  'approvals',
  'environments',
  'rollback',
  'audit',
  'findings',
  'dora',
];

/** Gives a function that has everything read anew in which an act is seen. */
export function useActNews(): () => void {
  const api = useApi(deliveryApiRef);
  const user = useUser();
  return useCallback(() => {
    for (const part of SHOWN_ON) {
      api.queries.invalidateQueries({ queryKey: ['delivery', user, part] });
    }
  }, [api, user]);
}

/** Said by what stands between, when the portal itself did not answer. */
const NO_ANSWER = [502, 504];

export function problemOf(error: unknown): ActProblem {
  const cause = isError(error) ? error : new Error(`${error}`);
  const message = errorSentence(cause);
  if (cause instanceof ResponseError) {
    const { code } = cause.cause as { code?: unknown };
    if (typeof code === 'string') {
      return {
        kind: code === 'stale_view' ? 'stale' : 'refused',
        code,
        message,
      };
    }
    return {
      kind: NO_ANSWER.includes(cause.statusCode) ? 'no_answer' : 'refused',
      message,
    };
  }
  // fetch says TypeError when the line broke.
  return {
    kind: cause.name === 'TypeError' ? 'no_answer' : 'refused',
    message,
  };
}

/**
 * Does something in the person's own name. The token is asked for in the click, goes into that one request, and is nowhere else: on
 * purpose no mutation of the query library, which would remember what it was called with.
 *
 * @param repositoryUrl - its host decides whose token it is
 */
export function useAct(repositoryUrl: string | undefined) {
  const getToken = useUserToken(repositoryUrl);
  const news = useActNews();
  const [state, setState] = useState<ActState>({ phase: 'idle' });
  const busy = useRef(false);
  const unanswered = useRef<{ wish: string; key: string }>();

  const begin = useCallback(
    async (
      /** What is wished for: the same wish after a broken line is the same click. */
      wish: object,
      send: (request: ActRequest) => Promise<{ operationId: string }>,
      options: { signIn: boolean } = { signIn: true },
    ) => {
      // A state would be set too late for the second click of a double click.
      if (busy.current) return;
      busy.current = true;
      const text = JSON.stringify(wish);
      const last = unanswered.current;
      const idempotencyKey = last?.wish === text ? last.key : clickKey();
      unanswered.current = undefined;
      try {
        setState({ phase: options.signIn ? 'signing' : 'sending' });
        const userToken = options.signIn ? await getToken() : undefined;
        setState({ phase: 'sending' });
        const { operationId } = await send({ idempotencyKey, userToken });
        setState({ phase: 'idle', operationId });
      } catch (error) {
        const problem = problemOf(error);
        if (problem.kind === 'no_answer') {
          unanswered.current = { wish: text, key: idempotencyKey };
        }
        setState({ phase: 'idle', problem });
        // Whatever was refused: what is shown may be the reason.
        news();
      } finally {
        busy.current = false;
      }
    },
    [getToken, news],
  );
  const forget = useCallback(() => setState({ phase: 'idle' }), []);
  return { ...state, begin, forget, news };
}

export type ActHandle = ReturnType<typeof useAct>;
