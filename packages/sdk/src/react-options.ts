// What a server component may import as well: nothing here holds React's state.
export { type BaguniOptions, createBaguniOptions } from './react/options.ts';
