import packageJson from '../../../package.json' with { type: 'json' };
import type { WireName } from '../calls/wires.ts';
import { ADMIN_KEY, JWT_SECRET } from '../shop/tokens.ts';
import { packedServer } from './packed.ts';
import { ServerProcess } from './server-process.ts';

const BAGUNI = new URL('main.ts', import.meta.resolve('@baguni/api'));
/** As `pnpm start` runs it. */
const BAGUNI_FLAGS = packageJson.scripts.start.split(' ').filter((word) => word.startsWith('--'));
const BY_HAND = new URL('../by-hand/main.ts', import.meta.url);
const CONSTANT = new URL('constant.ts', import.meta.url);

/** Whether Baguni runs from its TypeScript sources, or as the packages that are published. The calls cost the same. */
export type Form = 'source' | 'packed';

export interface StartOptions {
  /** From the sources unless said otherwise. */
  readonly form?: Form;
  /** Flags of Node besides those with which Baguni runs. */
  readonly nodeFlags?: readonly string[];
  /** Told of each line that Baguni writes once it is open. */
  readonly onLine?: (line: string) => void;
}

/** Starts one process of a server on a shop's database. */
export async function startServer(
  name: WireName,
  databaseUrl: string,
  { form = 'source', nodeFlags = [], onLine }: StartOptions = {},
): Promise<ServerProcess> {
  const common = [`--database-url=${databaseUrl}`, `--jwt-secret=${JWT_SECRET}`];
  switch (name) {
    case 'baguni':
      return ServerProcess.start(
        form === 'packed' ? await packedServer() : BAGUNI,
        [...common, `--admin-key=${ADMIN_KEY}`, '--port=0', '--demo=false'],
        { nodeFlags: [...BAGUNI_FLAGS, ...nodeFlags], onLine },
      );
    case 'by-hand':
      return ServerProcess.start(BY_HAND, common);
    case 'constant':
      return ServerProcess.start(CONSTANT, []);
  }
}
