#!/usr/bin/env node

import { serve } from './serve.ts';
import { runTool } from './tool.ts';

await runTool(serve);
