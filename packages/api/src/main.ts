#!/usr/bin/env -S node --max-semi-space-size=8 --max-old-space-size=512 --heap-growing-percent=20 --no-allocation-site-pretenuring

import { serve } from './serve.ts';
import { runTool } from './tool.ts';

await runTool(serve);
