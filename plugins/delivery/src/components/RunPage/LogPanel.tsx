import type { Entity } from '@backstage/catalog-model';
import type { Job } from 'backstage-plugin-delivery-common';
import { useState } from 'react';
import { plainText } from '../../format/plainText';
import { useLog } from '../../hooks/useLog';
import { useT } from '../../translation/deliveryTranslationRef';
import {
  Action,
  ArrowDownIcon,
  DownloadIcon,
  InfoIcon,
  makeStyles,
  Message,
  NextIcon,
  Panel,
  PreviousIcon,
  SearchField,
  secondaryText,
  Skeleton,
} from '../../ui';
import type { Theme } from '../../ui';
import { CopyAction, EmptyState, ErrorState, statusOf } from '../states';
import { errorSentence } from '../states';
import { isMoving } from '../StatusBadge';
import { LogLines } from './LogLines';
import { useLogReader } from './useLogReader';

const useStyles = makeStyles<Theme>(
  theme => ({
    bar: {
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'center',
      gap: theme.spacing(1),
      marginBottom: theme.spacing(1),
    },
    find: {
      flex: '1 1 260px',
      display: 'flex',
      alignItems: 'center',
      gap: theme.spacing(1),
      minWidth: 0,
    },
    acts: { display: 'flex', flexWrap: 'wrap', gap: theme.spacing(1) },
    search: { flex: '1 1 140px', maxWidth: 320, minWidth: 0 },
    count: {
      '&:empty': { display: 'none' },
      whiteSpace: 'nowrap',
      fontSize: '0.75rem',
      color: secondaryText(theme),
      fontVariantNumeric: 'tabular-nums',
    },
    lines: { display: 'grid', gap: 8 },
  }),
  { name: 'DeliveryLogPanel' },
);

function save(text: string, name: string) {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

function Reader(props: { job: Job; text: string; capped: boolean }) {
  const { job, text } = props;
  const classes = useStyles();
  const t = useT();
  const reader = useLogReader(text);
  const moving = isMoving(job);
  const [follow, setFollow] = useState(moving);
  const name = plainText(job.name);
  const { firstError } = reader;

  let count = '';
  if (reader.search) {
    count =
      reader.matches.length === 0
        ? t('log.noMatch')
        : t('log.matches', {
            n: `${reader.position + 1}`,
            total: `${reader.matches.length}`,
          });
  }
  return (
    <>
      <div className={classes.bar}>
        <div className={classes.find}>
          <div className={classes.search}>
            <SearchField
              label={t('log.search')}
              value={reader.search}
              onChange={value => {
                setFollow(false);
                reader.setSearch(value);
              }}
              onKeyDown={event => {
                if (event.key === 'Enter') reader.step(event.shiftKey ? -1 : 1);
              }}
            />
          </div>
          <span className={classes.count} role="status">
            {count}
          </span>
          <Action
            label={t('log.previous')}
            disabled={reader.matches.length === 0}
            onClick={() => reader.step(-1)}
          >
            <PreviousIcon fontSize="small" />
          </Action>
          <Action
            label={t('log.next')}
            disabled={reader.matches.length === 0}
            onClick={() => reader.step(1)}
          >
            <NextIcon fontSize="small" />
          </Action>
        </div>
        <div className={classes.acts}>
          <Action
            disabled={!firstError}
            onClick={() => {
              setFollow(false);
              if (firstError) reader.goTo(firstError.number);
            }}
          >
            {firstError ? t('log.firstError') : t('log.noError')}
          </Action>
          {moving && (
            <Action
              pressed={follow}
              icon={<ArrowDownIcon fontSize="small" />}
              onClick={() => setFollow(!follow)}
            >
              {t('log.follow')}
            </Action>
          )}
          <CopyAction
            text={text}
            label={t('log.copy')}
            done={t('log.copied')}
          />
          <Action
            icon={<DownloadIcon fontSize="small" />}
            onClick={() =>
              save(text, `${name.replace(/[^\w.-]+/g, '-') || 'job'}.log`)
            }
          >
            {t('log.download')}
          </Action>
        </div>
      </div>
      {props.capped && (
        <Message role="status" tone="warning" icon={<InfoIcon />}>
          {t('log.capped')}
        </Message>
      )}
      {reader.total === 0 ? (
        <EmptyState title={t('log.empty')} />
      ) : (
        <LogLines
          label={t('log.lines', { name })}
          lines={reader.shown}
          groupSizes={reader.groupSizes}
          folded={reader.folded}
          onToggle={reader.toggle}
          found={reader.found}
          target={reader.target}
          follow={follow && moving}
          showTime={reader.hasTimes}
        />
      )}
    </>
  );
}

/** Log of a job, read only when somebody has asked for it. */
export function LogPanel(props: {
  run: string;
  job: Job;
  /** The provider can give logs at all. */
  capable: boolean;
  asked: boolean;
  onAsk: () => void;
  entity?: Entity;
}) {
  const classes = useStyles();
  const t = useT();
  const { job } = props;
  const done = !isMoving(job);
  // Nothing to ask for: it waits for a runner or at a gate, or was skipped.
  const started =
    (done || job.status === 'in_progress') && job.conclusion !== 'skipped';
  const log = useLog({
    run: props.run,
    job: job.id,
    done,
    enabled: props.capable && props.asked && started,
  });
  const title = t('log.title', { name: plainText(job.name) });

  const body = () => {
    if (!props.capable) return <EmptyState title={t('log.noCapability')} />;
    if (!started) {
      return (
        <EmptyState
          title={done ? t('log.none') : t('log.notYet')}
          help={t('log.notStarted')}
        />
      );
    }
    if (!props.asked) {
      return (
        <EmptyState
          title={t('job.askLog')}
          action={<Action onClick={props.onAsk}>{t('job.openLog')}</Action>}
        />
      );
    }
    if (log.data) {
      return (
        <Reader
          key={job.id}
          job={job}
          text={log.data.text}
          capped={log.data.capped}
        />
      );
    }
    if (log.error && statusOf(log.error) === 404) {
      return done ? (
        <EmptyState title={t('log.gone')} help={errorSentence(log.error)} />
      ) : (
        <EmptyState title={t('log.notYet')} help={t('log.notYetHelp')} />
      );
    }
    if (log.error) {
      return (
        <ErrorState
          error={log.error}
          onRetry={log.refetch}
          permission="delivery.log.read"
          entity={props.entity}
        />
      );
    }
    return (
      <div
        className={classes.lines}
        role="status"
        aria-label={t('log.loading')}
      >
        {[70, 45, 80, 60, 52, 75, 40, 66].map(width => (
          <Skeleton key={width} width={`${width}%`} height={12} />
        ))}
      </div>
    );
  };
  return <Panel title={title}>{body()}</Panel>;
}
