import type {
  Environment,
  EnvironmentDetail,
} from 'backstage-plugin-delivery-common';
import { plainText } from '../../format/plainText';
import { useT } from '../../translation/deliveryTranslationRef';
import { Skeleton } from '../../ui';
import { CommitMark } from '../EnvironmentState';
import { CopyAction } from '../states';
import { Ago } from '../Time';
import { FactList, Section } from './FactList';
import type { Fact } from './FactList';
import { useSectionStyles } from './sectionStyles';

function Image(props: { uri: string; digest?: string }) {
  const classes = useSectionStyles();
  const t = useT();
  const uri = plainText(props.uri);
  const digest = plainText(props.digest ?? '');
  const whole = digest && !uri.includes('@') ? `${uri}@${digest}` : uri;
  return (
    <>
      <code className={classes.code}>{uri}</code>
      {digest && !uri.includes(digest) && (
        <div>
          <code className={classes.code} title={digest}>
            {digest.slice(0, 19)}…
          </code>
        </div>
      )}
      <div className={classes.gapAbove}>
        <CopyAction
          text={whole}
          label={t('environment.copyUri')}
          done={t('environment.copied')}
        />
      </div>
    </>
  );
}

function commitFacts(
  environment: Environment,
  t: ReturnType<typeof useT>,
): Fact[] {
  const { commit } = environment;
  const title = plainText(commit?.title ?? '');
  const author = plainText(commit?.author ?? '');
  return [
    [
      t('environment.commitLabel'),
      <>
        <CommitMark commit={commit} /> {title && <bdi>{title}</bdi>}
        {author && ' · '}
        {author && <bdi>{t('commit.by', { author })}</bdi>}
      </>,
    ],
    [
      t('environment.reasonLabel'),
      !commit?.sha && <bdi>{plainText(commit?.reason?.message ?? '')}</bdi>,
    ],
    [
      t('environment.sourceLabel'),
      commit?.sha !== undefined &&
        t('environment.source', {
          source: t(`commitSource.${commit.source}`),
          confidence: t(`confidence.${commit.confidence}`),
        }),
    ],
    [
      t('environment.sinceLabel'),
      environment.since !== undefined && <Ago at={environment.since} />,
    ],
  ];
}

/** Which commit runs, how that is known, and as which image. */
export function VersionSection(props: {
  environment: Environment;
  /** Absent: not read yet. */
  detail: EnvironmentDetail | undefined;
  loading: boolean;
}) {
  const classes = useSectionStyles();
  const t = useT();
  const { environment, detail } = props;
  const { runtime } = environment;
  const images = detail?.images ?? [];
  const task = detail?.taskDefinition;
  const facts: Fact[] = [
    ...commitFacts(environment, t),
    ...images.map(
      ({ container, uri, digest }): Fact => [
        images.length === 1
          ? t('environment.imageLabel')
          : t('environment.imageOf', { container: plainText(container) }),
        <Image uri={uri} digest={digest} />,
      ],
    ),
    [
      t('environment.taskDefinition'),
      task && (
        <>
          <code className={classes.code} title={plainText(task.arn)}>
            {plainText(task.arn.split('/').pop() ?? task.arn)}
          </code>{' '}
          <span className={classes.side}>{plainText(task.status)}</span>
        </>
      ),
    ],
    [
      t('environment.registered'),
      task && (task.registeredBy || task.registeredAt !== undefined) && (
        <>
          {task.registeredAt !== undefined && <Ago at={task.registeredAt} />}{' '}
          {task.registeredBy && (
            <bdi>
              {t('environment.registeredBy', {
                by: plainText(task.registeredBy),
              })}
            </bdi>
          )}
        </>
      ),
    ],
    [
      t('environment.runtimeLabel'),
      runtime && (
        <bdi>
          {t('environment.runtime', {
            cluster: plainText(runtime.cluster),
            service: plainText(runtime.service),
            account: plainText(runtime.accountId),
            region: plainText(runtime.region),
          })}
        </bdi>
      ),
    ],
  ];
  return (
    <Section title={t('environment.version')}>
      <FactList facts={facts} />
      {props.loading && <Skeleton width="80%" height={18} />}
    </Section>
  );
}
