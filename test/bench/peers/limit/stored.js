// The limit of repeated requests: answers a GET with the bytes that a PUT to the same URL stored, over bare http.
import { createServer } from 'node:http';

const stored = new Map();

const server = createServer((request, response) => {
  if (request.method === 'PUT') {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      stored.set(request.url, { body: Buffer.concat(chunks), etag: request.headers.etag });
      response.writeHead(204);
      response.end();
    });
    return;
  }
  const { body, etag } = stored.get(request.url);
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304, { etag });
    response.end();
    return;
  }
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length, etag });
  response.end(body);
});
server.listen(Number(process.env.PORT), '127.0.0.1', () => process.stdout.write('listening\n'));
