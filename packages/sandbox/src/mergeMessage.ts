import type { MergeMethod } from './records';

/**
 * What GitHub writes into the commit that reaches the base branch.
 * @param messages - of the own commits of the pull request, oldest first
 */
export function mergeMessage(
  method: MergeMethod,
  pull: { number: number; title: string; owner: string; branch: string },
  messages: string[],
): string {
  const { number, title } = pull;
  if (method === 'merge') {
    return `Merge pull request #${number} from ${pull.owner}/${pull.branch}\n\n${title}`;
  }
  if (method === 'rebase') return messages[messages.length - 1];
  const first = `${title} (#${number})`;
  // one commit keeps what was written below its title, several are listed
  const below =
    messages.length === 1
      ? messages[0].split('\n').slice(1)
      : ['', ...messages.map(message => `* ${message.split('\n')[0]}\n`)];
  return [first, ...below].join('\n').trimEnd();
}
