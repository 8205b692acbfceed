import { createTranslationRef } from '@backstage/core-plugin-api/alpha';
import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { messages } from './messages';
import { words } from './words';

/**
 * Every visible string of the plugin, to override or translate.
 * @public
 */
export const deliveryTranslationRef = createTranslationRef({
  id: 'plugin.delivery',
  messages: { ...words, ...messages },
});

/** The plugin's own translation function. */
export function useT() {
  return useTranslationRef(deliveryTranslationRef).t;
}

/** Type of {@link useT}'s result. */
export type T = ReturnType<typeof useT>;
