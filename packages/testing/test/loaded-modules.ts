import { registerHooks } from 'node:module';

// Imported before a program: at its end the last line that it writes says which modules of packages it has loaded.
const modules = new Set<string>();
registerHooks({
  load(url, context, nextLoad) {
    const [, path] = /.*\/node_modules\/(.*)/.exec(url) ?? [];
    if (path !== undefined) modules.add(path);
    return nextLoad(url, context);
  },
});
process.once('exit', () => console.log(JSON.stringify([...modules])));
