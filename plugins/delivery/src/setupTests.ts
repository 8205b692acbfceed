import '@testing-library/jest-dom';
import { configure } from '@testing-library/react';
import { NOW } from '../dev/fixtures';

// What is waited for comes at once on a machine that is free; on a busy one nothing may depend on how long it takes.
configure({ asyncUtilTimeout: 10_000 });
jest.setTimeout(30_000);

beforeEach(() => {
  // Fixtures are told from one moment; only the reading of the clock is replaced, timers stay real. It moves a little with every
  // reading, as a clock does: what was read later is newer.
  let readings = 0;
  jest.spyOn(Date, 'now').mockImplementation(() => {
    readings += 1;
    return NOW + Math.floor(readings / 10);
  });
});

afterEach(() => {
  jest.restoreAllMocks();
});
