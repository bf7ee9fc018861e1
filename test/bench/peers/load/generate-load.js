// Sends the requests of a file in turn, or a GET again and again, and prints what it measured as JSON:
// node generate-load.js URL FILE CONNECTIONS SECONDS
// node generate-load.js URL - CONNECTIONS SECONDS HEADERS
import { readFileSync } from 'node:fs';
import autocannon from 'autocannon';

const [url, file, connections, seconds, headers = '{}'] = process.argv.slice(2);
const times = [];

const run = autocannon({
  connections: Number(connections),
  duration: Number(seconds),
  timeout: 20,
  ...(file === '-' ? { url, headers: JSON.parse(headers) } : postBodies()),
});
let refusedCount = 0;
run.on('response', (_client, status, _bytes, milliseconds) => {
  times.push(milliseconds);
  if (status >= 400) refusedCount += 1;
});
const { duration, errors, timeouts } = await run;

times.sort((one, other) => one - other);
const result = {
  requests: times.length,
  seconds: duration,
  errors: errors + refusedCount + timeouts,
  p50: times[Math.floor(times.length * 0.5)],
  p99: times[Math.floor(times.length * 0.99)],
};
process.stdout.write(`${JSON.stringify(result)}\n`);

function postBodies() {
  const bodies = readFileSync(file, 'utf8').trimEnd().split('\n');
  return {
    url: `${url}/graphql`,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    requests: bodies.map((body) => ({ body })),
  };
}
