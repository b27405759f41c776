import { openDatabase } from '@baguni/db';
import { describeDifference } from './audit/describe.ts';
import { verify } from './audit/verify.ts';
import { readConfig } from './config.ts';
import { runTool } from './tool.ts';

await runTool(async (args, environment) => {
  const { databaseUrl, settings } = readConfig(args, environment);
  await using database = await openDatabase(databaseUrl);
  const { clean, checks, invariants, differences } = await verify(database, settings);
  for (const difference of differences) console.error(describeDifference(difference));
  for (const each of invariants) {
    console.log(`${each.invariant.padEnd(3)}  ${each.checks} checks, ${each.differences || 'no'} differences`);
  }
  console.log(clean ? `${checks} checks, no difference.` : `${checks} checks, ${differences.length} differences.`);
  return clean ? 0 : 1;
});
