import process from 'node:process';
import { runProgram } from './program.js';

const [url, token] = process.argv.slice(2);
console.log(JSON.stringify(await runProgram({ url, token })));
// A client that is not needed any more holds nothing open, so the process ends by itself.
