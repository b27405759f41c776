import packageJson from '../../../package.json' with { type: 'json' };
import type { WireName } from '../calls/wires.ts';
import { ADMIN_KEY, JWT_SECRET } from '../shop/tokens.ts';
import { ServerProcess } from './server-process.ts';

const BAGUNI = new URL('main.ts', import.meta.resolve('@baguni/api'));
/** As `pnpm start` runs it. */
const BAGUNI_FLAGS = packageJson.scripts.start.split(' ').filter((word) => word.startsWith('--'));
const BY_HAND = new URL('../by-hand/main.ts', import.meta.url);
const CONSTANT = new URL('constant.ts', import.meta.url);

/** Starts one process of a server on a shop's database. */
export function startServer(name: WireName, databaseUrl: string): Promise<ServerProcess> {
  const common = [`--database-url=${databaseUrl}`, `--jwt-secret=${JWT_SECRET}`];
  switch (name) {
    case 'baguni':
      return ServerProcess.start(
        BAGUNI,
        [...common, `--admin-key=${ADMIN_KEY}`, '--port=0', '--demo=false'],
        BAGUNI_FLAGS,
      );
    case 'by-hand':
      return ServerProcess.start(BY_HAND, common);
    case 'constant':
      return ServerProcess.start(CONSTANT, []);
  }
}
