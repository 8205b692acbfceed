import { DAY, HOUR } from '../plan';
import { addPull, addPush } from '../planPull';
import { addIncident, addRevert, addRollback } from '../troubles';
import { planOf, type Add } from './types';

/** An incident that names nothing; the pipeline that goes back, and the change is reverted the day after. */
export const ledger: Add = (timeline, _files, days, random) => {
  const plan = planOf('vaultex-ledger');
  const at = days[22] + 10.5 * HOUR;
  const path = 'services/ledger/src/fees.ts';
  const pull = addPull(
    timeline,
    plan,
    {
      title: 'Book fees at once',
      files: { [path]: 'export const feesAtOnce = true;\n' },
      author: 'ravi',
      at,
    },
    random,
  );
  if (pull.merge) timeline.certain.add(pull.merge);
  addIncident(timeline, {
    title: 'Balances do not add up',
    author: 'dana',
    label: 'service:vaultex-ledger',
    at: at + 2.5 * HOUR,
    hours: 3,
  });
  addRollback(timeline, {
    service: 'vaultex-ledger',
    reason: 'Balances do not add up',
    actor: 'ravi',
    at: at + 3.2 * HOUR,
  });
  addRevert(
    timeline,
    plan,
    pull,
    {
      repo: 'vaultex/vaultex',
      files: { [path]: null },
      author: 'dana',
      at: Math.max(days[23], at - (at % DAY) + DAY) + 9.5 * HOUR,
    },
    random,
  );
  const hangAt = days[33] + 13 * HOUR;
  const hangs = addPush(timeline, 'main', {
    title: 'Wait for the database before the tests',
    files: { 'services/ledger/NOTES.md': 'Wait\n' },
    author: 'ravi',
    at: hangAt,
  });
  timeline.certain.add(hangs);
  timeline.lost.add(hangs);
  timeline.acts.push({
    at: hangAt - 1000,
    kind: 'fail',
    workflow: 'ledger-pipeline.yml',
    job: 'integration-tests',
    hang: true,
  });
};
