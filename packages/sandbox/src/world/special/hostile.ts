import { HOUR } from '../plan';
import { addPull } from '../planPull';
import { planOf, type Add } from './types';

/** Texts a page must survive: markup, emoji, a right-to-left override, and a line of several hundred characters. */
const HOSTILE = [
  '<script>alert("payments")</script> & <img src=x onerror=alert(1)> 💸🧨',
  `Accept \u202Egnirts\u202C in names of merchants — שלום عالم`,
  `Explain ${'why the settlement of the last day of a month is so very '.repeat(
    9,
  )}slow`,
];

/** Odd, but allowed by git. */
const ODD_BRANCH = 'fix/ledger#42-<b>"rounding"&co-ünïcode';

/** Pull requests whose texts and branches are unusual. */
export const hostile: Add = (timeline, _files, days, random) => {
  const api = planOf('vaultex-api');
  HOSTILE.forEach((title, index) => {
    const at = days[12 + index * 15] + 15 * HOUR;
    const files = { 'services/api/NOTES.md': `Note ${index + 1}\n` };
    const branch = index === 1 ? 'feature/rtl/שלום' : undefined;
    const labels = index === 0 ? ['<b>urgent</b>'] : [];
    const change = { title, files, author: 'dana', at, branch, labels };
    addPull(timeline, api, change, random);
  });
  addPull(
    timeline,
    api,
    {
      title: 'Round <b>down</b> in the ledger & elsewhere',
      files: { 'services/ledger/NOTES.md': 'Rounding\n' },
      author: 'ravi',
      at: days[days.length - 9] + 14 * HOUR,
      branch: ODD_BRANCH,
    },
    random,
    'closed',
  );
};
