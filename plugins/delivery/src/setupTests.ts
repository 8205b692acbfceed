import '@testing-library/jest-dom';
import { NOW } from '../dev/fixtures';

beforeEach(() => {
  // Fixtures are told from one moment; only the reading of the clock is replaced, timers stay real.
  jest.spyOn(Date, 'now').mockReturnValue(NOW);
});

afterEach(() => {
  jest.restoreAllMocks();
});
