/**
 * @typedef {object} Config
 * @property {string} queueUrl address of the SQS queue
 * @property {number} waitSeconds length of one long poll, 0 to 20
 * @property {number} visibilitySeconds how long a received message stays hidden from others
 * @property {number} healthPort loopback port that the container health check asks
 * @property {number} staleMilliseconds silence of the loop after which the worker counts as stuck
 */

const wholeNumber = (env, name, fallback, { min, max }) => {
  const text = env[name] ?? '';
  const value = text === '' ? fallback : Number(text);
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new Error(`${name} is "${text}": give a whole number from ${min} to ${max}.`);
  }
  return value;
};

/** The loopback port of the health check, also needed by healthcheck.js alone. */
export const readHealthPort = env =>
  wholeNumber(env, 'HEALTH_PORT', 8080, { min: 1, max: 65535 });

/**
 * Reads the worker's settings. Database settings are PostgreSQL's own variables (PGHOST …), see database.js.
 * @param {NodeJS.ProcessEnv} env
 * @returns {Config}
 * @throws when a value is missing or out of range; the message names the variable
 */
export function readConfig(env) {
  const queueUrl = env.QUEUE_URL ?? '';
  if (queueUrl === '') {
    throw new Error('QUEUE_URL is not set: give the address of the SQS queue.');
  }
  const waitSeconds = wholeNumber(env, 'WAIT_SECONDS', 20, { min: 0, max: 20 });
  const visibilitySeconds = wholeNumber(env, 'VISIBILITY_SECONDS', 120, { min: 10, max: 43200 });
  return {
    queueUrl,
    waitSeconds,
    visibilitySeconds,
    healthPort: readHealthPort(env),
    // One silent poll and one slow message are normal, more is not.
    staleMilliseconds: (waitSeconds + visibilitySeconds + 10) * 1000,
  };
}
