import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { createServer } from './server.ts';

const { values } = parseArgs({
  options: { 'database-url': { type: 'string', default: '' }, 'jwt-secret': { type: 'string', default: '' } },
});
const app = createServer({ databaseUrl: values['database-url'], jwtSecret: values['jwt-secret'] });
console.log(`Open at ${await app.listen({ host: '127.0.0.1', port: 0 })}`);
await once(process, 'SIGTERM');
await app.close();
