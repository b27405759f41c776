import { createReadStream } from 'node:fs';
import { createRequire } from 'node:module';
import type { FastifyInstance, FastifyReply } from 'fastify';

/** Where a person reads about the API, and tries it. */
const DOCS_PATH = '/docs';

/** Nothing from elsewhere, no script in the page itself, and calls to this server only. Swagger UI styles elements by attribute. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Baguni API</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="docs/swagger-ui.css">
  </head>
  <body>
    <div id="reference"></div>
    <noscript>The reference needs JavaScript. <a href="openapi.json">openapi.json</a> says the same.</noscript>
    <script src="docs/swagger-ui-bundle.js"></script>
    <script src="docs/reference.js"></script>
  </body>
</html>
`;

// `validatorUrl` would send the description to a server of Swagger's.
const SCRIPT = `SwaggerUIBundle({
  url: 'openapi.json',
  dom_id: '#reference',
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  filter: true,
  tryItOutEnabled: true,
  validatorUrl: null,
});
`;

const require = createRequire(import.meta.url);

// The Fastify team's copy: swagger-ui-dist itself reports each installation to a third party.
const ASSETS = {
  '/swagger-ui.css': {
    type: 'text/css; charset=utf-8',
    find: () => require.resolve('@fastify/swagger-ui/static/swagger-ui.css'),
  },
  '/swagger-ui-bundle.js': {
    type: 'text/javascript; charset=utf-8',
    find: () => require.resolve('@fastify/swagger-ui/static/swagger-ui-bundle.js'),
  },
};

const CACHED = 'public, max-age=3600';

/** Serves the reference page. Its files are read from disk for each who asks, so that a server without readers holds none. */
export function addDocs(app: FastifyInstance): void {
  app.get(DOCS_PATH, (_request, reply) => sendPage(reply));
  app.get(`${DOCS_PATH}/reference.js`, (_request, reply) =>
    reply.type('text/javascript; charset=utf-8').header('cache-control', CACHED).send(SCRIPT),
  );
  for (const [path, { type, find }] of Object.entries(ASSETS)) {
    app.get(DOCS_PATH + path, (_request, reply) =>
      reply.type(type).header('cache-control', CACHED).send(createReadStream(find())),
    );
  }
}

function sendPage(reply: FastifyReply): FastifyReply {
  return reply
    .type('text/html; charset=utf-8')
    .header('content-security-policy', CONTENT_SECURITY_POLICY)
    .header('referrer-policy', 'no-referrer')
    .send(PAGE);
}
