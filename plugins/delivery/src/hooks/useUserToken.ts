import { useApiHolder } from '@backstage/core-plugin-api';
import { scmAuthApiRef } from '@backstage/integration-react';
import { isError } from '@backstage/errors';
import { useCallback } from 'react';
import { plainText } from '../format/plainText';
import { hostLabel, safeUrl } from '../format/safeUrl';
import { useT } from '../translation/deliveryTranslationRef';

/** Nobody was signed in at the vendor; `message` is a sentence for the person. Nothing was sent. */
export class SignInError extends Error {
  override name = 'SignInError';
}

const LONGEST = 200;

/**
 * Gives a function that asks for the person's own token at the vendor; call it in the click itself, as it may open a window. The token
 * is for one call: it must not go into state, a cache or a key of one.
 *
 * @param repositoryUrl - address of the repository; its host decides whose token it is
 * @returns rejects with {@link SignInError}
 */
export function useUserToken(
  repositoryUrl: string | undefined,
): () => Promise<string> {
  // Optional: a portal without source code hosts has none, and the rest of the page works all the same.
  const auth = useApiHolder().get(scmAuthApiRef);
  const t = useT();
  return useCallback(async () => {
    const url = safeUrl(repositoryUrl);
    if (!url) throw new SignInError(t('operation.token.noRepository'));
    const host = hostLabel(url);
    if (!auth) throw new SignInError(t('operation.token.noApi', { host }));
    try {
      const { token } = await auth.getCredentials({
        url,
        additionalScope: { repoWrite: true },
      });
      return token;
    } catch (error) {
      const { name, message } = isError(error) ? error : new Error(`${error}`);
      throw new SignInError(
        name === 'RejectedError' || /reject|closed|denied/i.test(message)
          ? t('operation.token.declined', { host })
          : t('operation.token.failed', {
              host,
              message: plainText(message).slice(0, LONGEST),
            }),
      );
    }
  }, [auth, repositoryUrl, t]);
}
