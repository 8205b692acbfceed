import { runClass } from './runClass';

describe('runClass', () => {
  it.each([
    ['push', 'trunk', 'trunk', 'default-branch push'],
    ['push', 'main', 'trunk', 'branch push'],
    ['push', 'main', undefined, 'default-branch push'],
    ['push', 'fix', undefined, 'branch push'],
    ['pull_request', 'main', 'main', 'pull_request'],
    ['schedule', 'main', 'main', 'schedule'],
  ])('%s to %s (default %s) is %s', (event, branch, fallback, expected) => {
    expect(runClass({ event, branch }, fallback)).toBe(expected);
  });
});
