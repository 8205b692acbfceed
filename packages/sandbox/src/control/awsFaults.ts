import { AwsCloud } from '../aws/cloud';
import { AwsRecords } from '../aws/records';
import { GitHubError } from '../state';
import { accountOf, Body } from './awsTarget';

type Fault = AwsRecords['faults'][number];

export const AWS_FAULT_KINDS = ['throttle', 'access-denied', 'down'] as const;

/** Makes one account misbehave for a number of seconds or until `clear`; gives the faults in force. */
export function awsFault(cloud: AwsCloud, body: Body, now: number): Fault[] {
  const { records } = cloud;
  const kind = AWS_FAULT_KINDS.find(known => known === body.kind);
  if (!kind && body.kind !== 'clear') {
    throw new GitHubError(
      400,
      `Unknown fault "${String(body.kind)}". Known: ${AWS_FAULT_KINDS.join(
        ', ',
      )}, clear.`,
    );
  }
  const { id: accountId } = accountOf(cloud, body.account);
  const seconds = body.seconds === undefined ? null : Number(body.seconds);
  if (seconds !== null && !(Number.isFinite(seconds) && seconds > 0)) {
    throw new GitHubError(
      400,
      `--seconds must be a number above 0, not ${String(body.seconds)}.`,
    );
  }
  const stays = (fault: Fault) =>
    (fault.until === null || fault.until > now) &&
    (fault.accountId !== accountId || (kind && fault.kind !== kind));
  const kept = records.faults.filter(stays);
  if (kind) {
    const until = seconds === null ? null : now + seconds * 1000;
    kept.push({ accountId, kind, until });
  }
  records.faults.splice(0, records.faults.length, ...kept);
  return records.faults;
}
