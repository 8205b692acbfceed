import { GitRepositories } from '../../packages/sandbox/src/store/gitRepositories';
import type { RepoRecord } from '../../packages/sandbox/src/records';

/** Two thousand repositories with the same commits: they lie on disk once, and every read of git is made once. */
export class OneHistory extends GitRepositories {
  readonly #real: RepoRecord;
  readonly #answers = new Map<string, Promise<unknown>>();

  /** @param real - the repository that was made on disk */
  constructor(root: string, real: RepoRecord) {
    super(root);
    this.#real = real;
  }

  override refs() {
    return super.refs(this.#real);
  }

  override resolve(_repo: RepoRecord, ref: string) {
    return super.resolve(this.#real, ref);
  }

  override readBlob(_repo: RepoRecord, sha: string) {
    return super.readBlob(this.#real, sha);
  }

  override listFiles(_repo: RepoRecord, ref: string, under?: string) {
    return super.listFiles(this.#real, ref, under);
  }

  override commitInfo(_repo: RepoRecord, ref: string) {
    return super.commitInfo(this.#real, ref);
  }

  override log(_repo: RepoRecord, ref: string, limit: number, path?: string) {
    return this.#once(`log ${ref} ${limit} ${path}`, () =>
      super.log(this.#real, ref, limit, path),
    );
  }

  override changedFiles(_repo: RepoRecord, base: string, head: string) {
    return this.#once(`diff ${base} ${head}`, () =>
      super.changedFiles(this.#real, base, head),
    );
  }

  #once<T>(key: string, make: () => Promise<T>): Promise<T> {
    const known = this.#answers.get(key) as Promise<T> | undefined;
    if (known) return known;
    const answer = make();
    this.#answers.set(key, answer);
    return answer;
  }
}
