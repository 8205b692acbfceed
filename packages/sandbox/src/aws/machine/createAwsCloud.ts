import type { AwsRecords } from '../records';
import { emptyRecords } from './emptyRecords';
import { Machine, type SandboxAws } from './Machine';
import type { MachineOptions } from './Motion';

/** AWS with saved records, or an empty one. The records are used and changed in place. */
export function createAwsCloud(
  options: Omit<MachineOptions, 'records'> & { records?: AwsRecords },
): SandboxAws {
  return new Machine({
    ...options,
    records: options.records ?? emptyRecords(),
  });
}
