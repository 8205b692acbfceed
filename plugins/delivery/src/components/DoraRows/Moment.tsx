import { zonedFull, zonedMoment } from '../../format/zonedTime';

/** A moment in the zone that days and weeks of the metrics begin in; all of it on hover. */
export function Moment(props: { at: number; zone: string }) {
  const { at, zone } = props;
  return (
    <time dateTime={new Date(at).toISOString()} title={zonedFull(at, zone)}>
      {zonedMoment(at, zone)}
    </time>
  );
}
