import { openDatabase } from '@baguni/db';
import { verify } from './audit/verify.ts';
import { readConfig } from './config.ts';
import { runTool } from './tool.ts';

await runTool(async (args, environment) => {
  await using database = openDatabase(readConfig(args, environment).databaseUrl);
  const { clean, checks, differences } = await verify(database);
  for (const { invariant, table, id, problem } of differences)
    console.error(`${invariant}  ${table} ${id}: ${problem}`);
  console.log(clean ? `${checks} checks, no difference.` : `${checks} checks, ${differences.length} differences.`);
  return clean ? 0 : 1;
});
