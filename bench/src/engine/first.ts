// Run as a program of its own: how long a process waits for its first engine, in milliseconds.
const began = performance.now();
const { createTestEngine } = await import('@baguni/testing');
const imported = performance.now();
const engine = await createTestEngine();
const made = performance.now();
const { user, system } = process.cpuUsage();
console.log(JSON.stringify({ import: imported - began, firstEngine: made - imported, cpu: (user + system) / 1_000 }));
await engine.close();
