import type {
  CommitInfo,
  MergedPullRequest,
  PullRequestParts,
} from 'backstage-plugin-delivery-node';
import type { Knex } from 'knex';
import type { ChangeStore, SpanRow } from '../ChangeStore';
import * as told from './commitTables';
import * as issues from './incidentTable';
import * as pulls from './pullTable';

type Parameter<
  TName extends keyof ChangeStore,
  TAt extends number,
> = Parameters<ChangeStore[TName]>[TAt];

/** {@link ChangeStore} on SQLite and Postgres; the tables must be there already. */
export class DatabaseChangeStore implements ChangeStore {
  constructor(private readonly db: Knex) {}

  savePullRequests(repoKey: string, items: MergedPullRequest[]) {
    return this.db.transaction(tx =>
      pulls.savePullRequests(tx, repoKey, items),
    );
  }

  savePullRequestParts(
    repoKey: string,
    number: number,
    parts: PullRequestParts,
  ) {
    return pulls.savePullRequestParts(this.db, repoKey, number, parts);
  }

  pullRequests(repoKey: string, filter: Parameter<'pullRequests', 1>) {
    return pulls.pullRequests(this.db, repoKey, filter);
  }

  saveCommits(repoKey: string, commits: CommitInfo[]) {
    return this.db.transaction(tx => told.saveCommits(tx, repoKey, commits));
  }

  saveCommitFiles(repoKey: string, sha: string, files: string[] | null) {
    return told.saveCommitFiles(this.db, repoKey, sha, files);
  }

  commits(repoKey: string, shas: string[]) {
    return told.commits(this.db, repoKey, shas);
  }

  saveSpan(span: SpanRow) {
    return told.saveSpan(this.db, span);
  }

  spans(repoKey: string, pairs: Parameter<'spans', 1>) {
    return told.spans(this.db, repoKey, pairs);
  }

  saveIncidents(repoKey: string, items: Parameter<'saveIncidents', 1>) {
    return this.db.transaction(tx => issues.saveIncidents(tx, repoKey, items));
  }

  incidents(repoKey: string) {
    return issues.incidents(this.db, repoKey);
  }
}
