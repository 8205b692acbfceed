import type { DoraBand } from 'backstage-plugin-delivery-common';
import { useT } from '../../translation/deliveryTranslationRef';
import { Chip } from '../../ui';
import { BAND_LOOKS, bandText } from './metricWords';

/** Where a value stands beside a survey or a target, with the year of it. */
export function BandChip(props: { band: DoraBand; hint?: string }) {
  const t = useT();
  const { band } = props;
  return (
    <Chip {...BAND_LOOKS[band.verdict]} hint={props.hint}>
      {bandText(band, t)}
    </Chip>
  );
}
