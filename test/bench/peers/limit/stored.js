// The limit of repeated requests: answers a GET with the bytes that a PUT to the same URL stored, over bare http. The PUT
// has the headers of the answer as JSON in x-answer-headers, so that the GET sends the same bytes as the other server.
import { createServer } from 'node:http';

const stored = new Map();

const server = createServer((request, response) => {
  if (request.method === 'PUT') {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const headers = JSON.parse(request.headers['x-answer-headers']);
      const body = Buffer.concat(chunks);
      stored.set(request.url, {
        body,
        etag: headers.etag,
        shortHeaders: Object.entries(headers).flat(),
        headers: Object.entries({ ...headers, 'content-length': String(body.length) }).flat(),
      });
      response.writeHead(204);
      response.end();
    });
    return;
  }
  const { body, etag, headers, shortHeaders } = stored.get(request.url);
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304, shortHeaders);
    response.end();
    return;
  }
  response.writeHead(200, headers);
  response.end(body);
});
server.listen(Number(process.env.PORT), '127.0.0.1', () => process.stdout.write('listening\n'));
