import '@testing-library/jest-dom';
import { NOW } from '../dev/fixtures';

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
