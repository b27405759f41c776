declare module 'vitest' {
  interface ProvidedContext {
    /** Which database a contract test runs on. */
    engine: 'sqlite' | 'postgres';
    /** The Postgres server of this run; make a database of your own on it. */
    postgresUrl: string;
    /**
     * The folder of a project outside the workspace in which the packed packages are installed.
     * @internal
     */
    publishedProject: string;
  }
}

export {};
