import { defineConfig } from 'tsdown';

export default defineConfig({
  entry: 'src/main.ts',
  platform: 'node',
  fixedExtension: false,
  // A program has no types to import. What it knows of the API comes along as data.
  dts: false,
  publint: { strict: true },
});
