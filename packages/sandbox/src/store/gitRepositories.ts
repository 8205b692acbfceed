import { existsSync } from 'fs';
import { mkdir, rm } from 'fs/promises';
import { join } from 'path';
import { CommitInfo, GitStore, RepoRecord } from '../state';
import { LOG_FORMAT, parseLog } from './commitLog';
import { fastImport } from './fastImport';
import { LruCache } from './lruCache';
import { GitFailure, runGit } from './runGit';
import { parseTree, TreeEntry } from './treeEntries';

const SHA = /^[0-9a-f]{40}$/;
/** Real bare repositories below one folder: `<owner>/<name>.git`. Reads are cached by sha, which never changes. */
export class GitRepositories implements GitStore {
  private readonly files = new LruCache<Buffer>(500);
  private readonly commits = new LruCache<Required<CommitInfo>>(2000);
  private readonly trees = new LruCache<
    { path: string; sha: string; size: number; mode: string }[]
  >(200);
  private readonly refCache = new Map<number, Map<string, string>>();

  constructor(readonly root: string) {}

  dir(repo: RepoRecord): string {
    return join(this.root, repo.owner, `${repo.name}.git`);
  }

  async init(repo: RepoRecord): Promise<void> {
    const dir = this.dir(repo);
    if (existsSync(join(dir, 'HEAD'))) return;
    await mkdir(dir, { recursive: true });
    await runGit(dir, [
      'init',
      '-q',
      '--bare',
      `--initial-branch=${repo.defaultBranch}`,
      '.',
    ]);
    await runGit(dir, ['config', 'http.receivepack', 'true']);
    await runGit(dir, ['config', 'uploadpack.allowAnySHA1InWant', 'true']);
  }

  async remove(repo: RepoRecord): Promise<void> {
    this.forgetRefs(repo);
    await rm(this.dir(repo), { recursive: true, force: true });
  }

  async removeAll(): Promise<void> {
    this.refCache.clear();
    await rm(this.root, { recursive: true, force: true });
  }

  /** Full ref name → sha, of branches and tags. Kept until something writes or {@link forgetRefs} is called. */
  async refs(repo: RepoRecord): Promise<Map<string, string>> {
    const known = this.refCache.get(repo.id);
    if (known) return known;
    const out = await runGit(this.dir(repo), [
      'for-each-ref',
      // an annotated tag is resolved to its commit
      '--format=%(refname) %(objectname) %(*objectname)',
      'refs/heads',
      'refs/tags',
    ]);
    const refs = new Map<string, string>();
    for (const line of out.toString('utf8').split('\n')) {
      const [name, sha, peeled] = line.split(' ');
      if (name) refs.set(name, peeled || sha);
    }
    this.refCache.set(repo.id, refs);
    return refs;
  }

  forgetRefs(repo: RepoRecord): void {
    this.refCache.delete(repo.id);
  }

  private async tips(repo: RepoRecord): Promise<Map<string, string>> {
    const tips = new Map<string, string>();
    for (const [name, sha] of await this.refs(repo)) {
      if (name.startsWith('refs/heads/')) tips.set(name.slice(11), sha);
    }
    return tips;
  }

  async commit(
    repo: RepoRecord,
    change: Parameters<GitStore['commit']>[1],
  ): Promise<CommitInfo> {
    const [sha] = await fastImport(
      this.dir(repo),
      repo,
      await this.tips(repo),
      [change],
    );
    this.forgetRefs(repo);
    return (await this.commitInfo(repo, sha)) as CommitInfo;
  }

  async importHistory(
    repo: RepoRecord,
    commits: Parameters<GitStore['importHistory']>[1],
  ): Promise<string[]> {
    const shas = await fastImport(
      this.dir(repo),
      repo,
      await this.tips(repo),
      commits,
    );
    this.forgetRefs(repo);
    return shas;
  }

  async tag(repo: RepoRecord, name: string, sha: string): Promise<void> {
    await this.git(repo, ['update-ref', `refs/tags/${name}`, sha]);
    this.forgetRefs(repo);
  }

  async resolve(repo: RepoRecord, ref: string): Promise<string | undefined> {
    const refs = await this.refs(repo);
    const named =
      refs.get(`refs/heads/${ref}`) ??
      refs.get(`refs/tags/${ref}`) ??
      refs.get(ref) ??
      (ref.startsWith('heads/') || ref.startsWith('tags/')
        ? refs.get(`refs/${ref}`)
        : undefined);
    if (named) return named;
    if (ref === 'HEAD') return refs.get(`refs/heads/${repo.defaultBranch}`);
    if (!/^[0-9a-f]{4,40}$/.test(ref)) return undefined;
    if (this.commits.get(`${repo.id} ${ref}`)) return ref;
    try {
      const out = await runGit(this.dir(repo), [
        'rev-parse',
        '--verify',
        '--quiet',
        `${ref}^{commit}`,
      ]);
      return out.toString('utf8').trim();
    } catch (error) {
      if (error instanceof GitFailure) return undefined;
      throw error;
    }
  }

  async readFile(
    repo: RepoRecord,
    ref: string,
    path: string,
  ): Promise<Buffer | undefined> {
    const entry = (await this.listFiles(repo, ref)).find(f => f.path === path);
    return entry ? this.readBlob(repo, entry.sha) : undefined;
  }

  /** Content of a blob; undefined when the repository has no such blob. */
  async readBlob(repo: RepoRecord, sha: string): Promise<Buffer | undefined> {
    if (!SHA.test(sha)) return undefined;
    const key = `${repo.id} ${sha}`;
    const known = this.files.get(key);
    if (known) return known;
    try {
      return this.files.set(
        key,
        await runGit(this.dir(repo), ['cat-file', 'blob', sha]),
      );
    } catch (error) {
      if (error instanceof GitFailure) return undefined;
      throw error;
    }
  }

  async listFiles(
    repo: RepoRecord,
    ref: string,
    under?: string,
  ): Promise<{ path: string; sha: string; size: number; mode: string }[]> {
    const sha = await this.resolve(repo, ref);
    if (!sha) return [];
    const key = `${repo.id} ${sha}`;
    let all = this.trees.get(key);
    if (!all) {
      const out = await runGit(this.dir(repo), [
        'ls-tree',
        '-r',
        '-l',
        '-z',
        sha,
      ]);
      all = parseTree(out).map(({ name, type: _, ...entry }) => ({
        ...entry,
        path: name,
      }));
      this.trees.set(key, all);
    }
    if (!under) return all;
    const prefix = `${under.replace(/\/+$/, '')}/`;
    return all.filter(file => file.path.startsWith(prefix));
  }

  /** Tree of a commit-ish, or the tree with this sha. */
  async treeSha(repo: RepoRecord, ref: string): Promise<string | undefined> {
    const info = await this.commitInfo(repo, ref);
    if (info) return info.tree;
    if (!SHA.test(ref)) return undefined;
    const type = await this.git(repo, ['cat-file', '-t', ref]).catch(
      () => undefined,
    );
    return type?.toString('utf8').trim() === 'tree' ? ref : undefined;
  }

  /** Entries of a folder: names relative to it, folders included. */
  async tree(
    repo: RepoRecord,
    ref: string,
    path: string,
    recursive: boolean = false,
  ): Promise<TreeEntry[]> {
    const sha = SHA.test(ref) ? ref : await this.resolve(repo, ref);
    if (!sha) return [];
    const out = await this.git(repo, [
      'ls-tree',
      '-l',
      '-z',
      ...(recursive ? ['-r', '-t'] : []),
      path === '' ? sha : `${sha}:${path}`,
    ]);
    return parseTree(out);
  }

  async commitInfo(
    repo: RepoRecord,
    ref: string,
  ): Promise<Required<CommitInfo> | undefined> {
    const sha = await this.resolve(repo, ref);
    if (!sha) return undefined;
    const key = `${repo.id} ${sha}`;
    const known = this.commits.get(key);
    if (known) return known;
    const out = await runGit(this.dir(repo), [
      'log',
      '-1',
      `--format=${LOG_FORMAT}`,
      sha,
    ]);
    return this.commits.set(key, parseLog(out.toString('utf8'))[0]);
  }

  /** @param ref - a ref, or a range `base..head` of full shas */
  async log(
    repo: RepoRecord,
    ref: string,
    limit: number,
    path?: string,
  ): Promise<Required<CommitInfo>[]> {
    const range = /^[0-9a-f]{40}\.\.[0-9a-f]{40}$/.test(ref)
      ? ref
      : await this.resolve(repo, ref);
    if (!range) return [];
    const out = await runGit(this.dir(repo), [
      'log',
      `--max-count=${limit}`,
      `--format=${LOG_FORMAT}`,
      range,
      ...(path ? ['--', path] : []),
    ]);
    const found = parseLog(out.toString('utf8'));
    found.forEach(info => this.commits.set(`${repo.id} ${info.sha}`, info));
    return found;
  }

  async changedFiles(
    repo: RepoRecord,
    base: string,
    head: string,
  ): Promise<string[]> {
    if (/^0+$/.test(base)) {
      return (await this.listFiles(repo, head)).map(file => file.path);
    }
    const out = await this.git(repo, [
      'diff',
      '--name-only',
      '-z',
      '--no-renames',
      base,
      head,
      '--',
    ]);
    return out
      .toString('utf8')
      .split('\0')
      .filter(path => path !== '');
  }

  /** Any other git command in the repository. */
  git(repo: RepoRecord, args: string[]): Promise<Buffer> {
    return runGit(this.dir(repo), args);
  }
}
