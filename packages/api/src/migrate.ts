import { openDatabase } from '@baguni/db';
import { readConfig } from './config.ts';
import { runTool } from './tool.ts';

await runTool(async (args, environment) => {
  await using database = await openDatabase(readConfig(args, environment).databaseUrl);
  await database.migrate();
  console.log('The tables are up to date.');
  return 0;
});
