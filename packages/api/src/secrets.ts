import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { newApiKey } from './authenticator.ts';

/** What a server needs to keep to itself between two starts. */
export interface Secrets {
  readonly jwtSecret: string;
  readonly adminKey: string;
}

const SECRETS = z.object({ jwtSecret: z.string().min(32), adminKey: z.string() });

/** The secrets of an earlier start, or new ones, readable by this account alone. */
export async function keepSecrets(path: string): Promise<Secrets> {
  const made = { jwtSecret: randomBytes(32).toString('base64url'), adminKey: newApiKey().key };
  await mkdir(dirname(path), { recursive: true });
  try {
    // `wx`: of two servers that start at once, one makes the file and the other reads it.
    await writeFile(path, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
    return made;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    return SECRETS.parse(JSON.parse(await readFile(path, 'utf8')));
  }
}
