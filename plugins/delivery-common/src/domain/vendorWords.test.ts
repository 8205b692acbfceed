import { toConclusion, toState, toStatus } from './vendorWords';

describe('vendor words', () => {
  it.each([
    ['requested', 'queued'],
    ['queued', 'queued'],
    ['pending', 'queued'],
    ['waiting', 'waiting'],
    ['in_progress', 'in_progress'],
    ['completed', 'completed'],
    ['COMPLETED', 'completed'],
    ['hibernating', 'unknown'],
    ['constructor', 'unknown'],
    ['', 'unknown'],
    [null, 'unknown'],
    [undefined, 'unknown'],
  ])('reads the status %s as %s', (raw, status) => {
    expect(toStatus(raw)).toBe(status);
  });

  it.each([
    ['success', 'success'],
    ['startup_failure', 'startup_failure'],
    ['action_required', 'action_required'],
    ['stale', 'stale'],
    ['splendid', 'unknown'],
    ['toString', 'unknown'],
    [null, undefined],
    ['', undefined],
  ])('reads the conclusion %s as %s', (raw, conclusion) => {
    expect(toConclusion(raw)).toBe(conclusion);
  });

  it('never takes a missing conclusion for a success', () => {
    expect(toState('completed', null)).toEqual({
      status: 'completed',
      conclusion: 'unknown',
      rawStatus: 'completed',
    });
  });

  it('does not believe a conclusion of something that is not completed', () => {
    expect(toState('in_progress', 'success')).toEqual({
      status: 'in_progress',
      rawStatus: 'in_progress',
      rawConclusion: 'success',
    });
    expect(toState('hibernating', 'success').conclusion).toBeUndefined();
  });
});
