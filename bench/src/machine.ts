import { arch, cpus, platform, release, totalmem } from 'node:os';

const processors = cpus();

/** Where the figures come from. Only ratios of one run carry over to another machine. */
export const machine = {
  processors: processors.length,
  processor: processors[0]?.model.trim() ?? 'unknown processor',
  memory: `${Math.round(totalmem() / 2 ** 30)} GB`,
  node: process.versions.node,
  system: `${platform()} ${release()} ${arch()}`,
};
