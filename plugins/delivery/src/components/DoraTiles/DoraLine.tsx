import { Link } from '@backstage/core-components';
import type { DoraMetricId, DoraTiles } from 'backstage-plugin-delivery-common';
import { Fragment } from 'react';
import { formatDoraValue } from '../../format/doraValue';
import { doraSearch } from '../../hooks/useDoraChoice';
import { useT } from '../../translation/deliveryTranslationRef';
import type { T } from '../../translation/deliveryTranslationRef';

const PARTS: readonly {
  id: DoraMetricId;
  words: (value: string, t: T) => string;
}[] = [
  { id: 'deployment_frequency', words: value => value },
  { id: 'lead_time', words: (value, t) => t('dora.line.lead', { value }) },
  {
    id: 'change_fail_rate',
    words: (value, t) => t('dora.line.failed', { value }),
  },
  {
    id: 'recovery_time',
    words: (value, t) => t('dora.line.restored', { value }),
  },
];

/** What of the metrics has a number. */
export function lineParts(tiles: DoraTiles | undefined, t: T) {
  return PARTS.flatMap(({ id, words }) => {
    const tile = tiles?.items.find(item => item.id === id);
    if (!tile || tile.value === null) return [];
    return [{ id, text: words(formatDoraValue(tile.value, tile.unit, t), t) }];
  });
}

/** The metrics in one line, each with the way to its rows: `1.8 a day · lead 1d 4h · 4.8 % failed · restored in 12m`. */
export function DoraLine(props: {
  tiles: DoraTiles | undefined;
  /** Address of the tab, relative to the page of the service. */
  tabPath: string;
}) {
  const t = useT();
  return (
    <>
      {lineParts(props.tiles, t).map(({ id, text }, index) => (
        <Fragment key={id}>
          {index > 0 && ' · '}
          <Link to={`${props.tabPath}${doraSearch(id)}`}>{text}</Link>
        </Fragment>
      ))}
    </>
  );
}
