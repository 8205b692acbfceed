import { Link } from '@backstage/core-components';
import type { Environment } from 'backstage-plugin-delivery-common';
import { formatSpan } from '../../format/doraValue';
import { cutText } from '../../format/plainText';
import { safeUrl } from '../../format/safeUrl';
import { useT } from '../../translation/deliveryTranslationRef';
import { Ago } from '../Time';

/** What users last noticed of the service: an issue with the label of incidents. */
export function LastIncident(props: {
  incident: NonNullable<Environment['lastIncident']>;
}) {
  const t = useT();
  const { title, startedAt, resolvedAt, url } = props.incident;
  const to = safeUrl(url);
  const name = <bdi>{cutText(title, 120)}</bdi>;
  const shown = {
    title: to ? <Link to={to}>{name}</Link> : name,
    when: <Ago at={startedAt} />,
  };
  return resolvedAt === undefined ? (
    <>{t('environment.incidentOpen', shown)}</>
  ) : (
    <>
      {t('environment.incidentOver', {
        ...shown,
        took: formatSpan(resolvedAt - startedAt, t),
      })}
    </>
  );
}
