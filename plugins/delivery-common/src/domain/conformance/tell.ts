import type { RuleAnswer } from './facts';
import type { PipelineJob, Place } from './Pipeline';

type Evidence = RuleAnswer['evidence'];

/** Evidence at a place of a file. */
export const at = ({ path, line }: Place, text: string) => ({
  ...{ path, line, text },
});

export const pass = (...evidence: Evidence): RuleAnswer => ({
  ...{ result: 'pass', evidence },
});

export const fail = (fix: string, evidence: Evidence): RuleAnswer => ({
  ...{ result: 'fail', evidence, fix },
});

export const unknown = (
  text: string,
  fix?: string,
  evidence: Evidence = [],
): RuleAnswer => ({
  ...{ result: 'unknown', evidence: [{ text }, ...evidence] },
  ...(fix && { fix }),
});

/** How a job is called in a sentence. */
export const called = ({ name, key }: PipelineJob) => `"${name || key}"`;

/** The same thing said of the same place once. */
export function distinct(evidence: Evidence): Evidence {
  const seen = new Map(
    evidence.map(item => [`${item.path}\0${item.line}\0${item.text}`, item]),
  );
  return [...seen.values()];
}
