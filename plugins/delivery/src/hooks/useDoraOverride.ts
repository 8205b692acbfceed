import { useApi } from '@backstage/core-plugin-api';
import type { DoraOverrideBody } from 'backstage-plugin-delivery-common';
import { useCallback, useRef, useState } from 'react';
import { deliveryApiRef } from '../api/DeliveryApi';
import { errorSentence } from '../components/states';
import { useActNews } from './useAct';

/** Says, in the person's own name, that a deployment failed, did not fail, or that the evidence decides again. */
export function useDoraOverride() {
  const { client } = useApi(deliveryApiRef);
  const news = useActNews();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const sent = useRef(false);
  const send = useCallback(
    /** Gives the number of the entry in the audit; undefined: it was not taken. */
    async (body: DoraOverrideBody): Promise<number | undefined> => {
      // A state would be set too late for the second click of a double click.
      if (sent.current) return undefined;
      sent.current = true;
      setBusy(true);
      setProblem(undefined);
      try {
        const { auditSeq } = await client.doraOverride({ params: {}, body });
        return auditSeq;
      } catch (error) {
        setProblem(errorSentence(error as Error));
        return undefined;
      } finally {
        sent.current = false;
        setBusy(false);
        // Also after a refusal: what is shown may be the reason.
        news();
      }
    },
    [client, news],
  );
  return { busy, problem, send };
}
