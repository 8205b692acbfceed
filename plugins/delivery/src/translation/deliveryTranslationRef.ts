import { createTranslationRef } from '@backstage/core-plugin-api/alpha';
import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import type {
  TranslationFunction,
  TranslationRef,
} from '@backstage/core-plugin-api/alpha';
import { acts, dispatch, rollback } from './acts';
import { approval, approvals } from './approvals';
import { audit, findings } from './audit';
import { conformance } from './conformance';
import { create } from './create';
import { dora, doraRows } from './dora';
import { doraPage } from './doraPage';
import { doraWords } from './doraWords';
import { environmentMessages } from './environmentMessages';
import { matrix } from './matrix';
import { messages } from './messages';
import { operation } from './operation';
import { words } from './words';

/**
 * Every visible string of the plugin, to override or translate.
 * @public
 */
export const deliveryTranslationRef = createTranslationRef({
  id: 'plugin.delivery',
  messages: {
    ...words,
    ...messages,
    ...environmentMessages,
    matrix,
    operation,
    approval,
    approvals,
    acts,
    dispatch,
    rollback,
    audit,
    findings,
    conformance,
    create,
    dora,
    doraRows,
    doraPage,
    doraWords,
  },
});

type Messages = typeof deliveryTranslationRef extends TranslationRef<
  string,
  infer TMessages
>
  ? TMessages
  : never;

/** Gives a message in the reader's language. */
export type T = TranslationFunction<Messages>;

/** The plugin's own translation function. */
export function useT(): T {
  return useTranslationRef(deliveryTranslationRef).t;
}
