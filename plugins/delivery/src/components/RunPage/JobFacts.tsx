import { formatEstimate } from '../../format/duration';
import { plainText } from '../../format/plainText';
import { useNow } from '../../hooks/useNow';
import { useT } from '../../translation/deliveryTranslationRef';
import { Elapsed } from '../Time';

function Left(props: { expectedAt: number }) {
  const t = useT();
  const left = props.expectedAt - useNow();
  if (left < 0) return null;
  return <span>{t('runs.left', { duration: formatEstimate(left, t) })}</span>;
}

/** Second line of a job: how long, how long still, and into which environment. */
export function JobFacts(props: {
  startedAt?: number;
  completedAt?: number;
  expectedAt?: number;
  running: boolean;
  gate?: boolean;
  environment?: string;
}) {
  const t = useT();
  if (props.gate) return <span>{t('graph.gate')}</span>;
  const timed =
    props.startedAt !== undefined &&
    (props.completedAt !== undefined || props.running);
  return (
    <>
      {timed && <Elapsed from={props.startedAt!} to={props.completedAt} />}
      {props.running && props.expectedAt !== undefined && (
        <Left expectedAt={props.expectedAt} />
      )}
      {props.environment && (
        <bdi>
          {t('run.environment', { name: plainText(props.environment) })}
        </bdi>
      )}
    </>
  );
}
