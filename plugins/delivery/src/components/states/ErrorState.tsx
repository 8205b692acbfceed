import type { Entity } from '@backstage/catalog-model';
import { RELATION_OWNED_BY } from '@backstage/catalog-model';
import { ResponseError } from '@backstage/errors';
import {
  EntityRefLink,
  getEntityRelations,
} from '@backstage/plugin-catalog-react';
import { Action, Message, WarningIcon } from '../../ui';
import { plainText } from '../../format/plainText';
import { useT } from '../../translation/deliveryTranslationRef';
import type { T } from '../../translation/deliveryTranslationRef';

/** Sentence of the backend, or of the browser when there was no answer. */
export function errorSentence(error: Error): string {
  return plainText(
    error instanceof ResponseError ? error.cause.message : error.message,
  );
}

/** Status of the answer; undefined when there was none. */
export function statusOf(error: Error): number | undefined {
  return error instanceof ResponseError ? error.statusCode : undefined;
}

function explain(error: Error, permission: string, t: T) {
  const sentence = errorSentence(error);
  const status = statusOf(error);
  switch (status) {
    case 401:
      return { title: t('error.signIn'), help: [t('error.signInHelp')] };
    case 403:
      return {
        title: t('error.forbidden'),
        help: [t('error.forbiddenHelp', { permission })],
      };
    case 404:
      return {
        title: t('error.notFound'),
        help: [sentence || t('error.notFoundHelp')],
      };
    case 429:
    case 503:
      return { title: t('error.busy'), help: [sentence, t('error.busyHelp')] };
    case undefined:
      // The browser's own words for a broken connection help nobody; a bad answer's do.
      return error instanceof TypeError
        ? { title: t('error.offline'), help: [t('error.offlineHelp')] }
        : { title: t('error.title'), help: [sentence] };
    default:
      return {
        title: t('error.title'),
        help: [t('error.server', { message: sentence })],
      };
  }
}

/** What happened, what to do about it, and the way to try again. */
export function ErrorState(props: {
  error: Error;
  onRetry: () => void;
  /** Permission that a refusal would be about. */
  permission?: string;
  entity?: Entity;
}) {
  const t = useT();
  const permission = props.permission ?? 'delivery.run.read';
  const { title, help } = explain(props.error, permission, t);
  const owners = props.entity
    ? getEntityRelations(props.entity, RELATION_OWNED_BY)
    : [];
  return (
    <Message
      role="alert"
      tone="error"
      icon={<WarningIcon />}
      title={title}
      actions={<Action onClick={props.onRetry}>{t('error.retry')}</Action>}
    >
      {help.map(line => (
        <div key={line} dir="auto">
          {line}
        </div>
      ))}
      {statusOf(props.error) === 403 && owners.length > 0 && (
        <div>
          {t('error.owner', { owner: <EntityRefLink entityRef={owners[0]} /> })}
        </div>
      )}
    </Message>
  );
}
