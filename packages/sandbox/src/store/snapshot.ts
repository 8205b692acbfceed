import { existsSync } from 'fs';
import { mkdir, open, readFile, rename, rm } from 'fs/promises';
import { join } from 'path';
import { promisify } from 'util';
import { gunzip, gzip } from 'zlib';

const zip = promisify(gzip);
const unzip = promisify(gunzip);

/** Writes gzipped JSON so that a reader sees the old content or the new one, never a part. */
export async function writeJsonFile(
  folder: string,
  name: string,
  value: unknown,
): Promise<void> {
  // before the first await: the records go on changing meanwhile
  const text = Buffer.from(JSON.stringify(value));
  await mkdir(folder, { recursive: true });
  const bytes = await zip(text, { level: 1 });
  const temporary = join(folder, `${name}.tmp`);
  const handle = await open(temporary, 'w');
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, join(folder, name));
}

/** @returns undefined when there is no such file */
export async function readJsonFile<T>(
  folder: string,
  name: string,
): Promise<T | undefined> {
  const file = join(folder, name);
  if (!existsSync(file)) return undefined;
  return JSON.parse((await unzip(await readFile(file))).toString('utf8')) as T;
}

export async function removeFile(folder: string, name: string): Promise<void> {
  await rm(join(folder, name), { force: true });
}
