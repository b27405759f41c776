import { runProgram } from './program.js';

const { url, token } = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
window.report = runProgram({ url, token });
