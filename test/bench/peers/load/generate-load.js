// Sends the requests of a file in turn, and prints what it measured as JSON:
// node generate-load.js URL FILE CONNECTIONS SECONDS
import { readFileSync } from 'node:fs';
import autocannon from 'autocannon';

const [url, file, connections, seconds] = process.argv.slice(2);
const bodies = readFileSync(file, 'utf8').trimEnd().split('\n');
const times = [];

const run = autocannon({
  url: `${url}/graphql`,
  connections: Number(connections),
  duration: Number(seconds),
  timeout: 20,
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  requests: bodies.map((body) => ({ body })),
});
run.on('response', (_client, _status, _bytes, milliseconds) => times.push(milliseconds));
const { duration, errors, non2xx, timeouts } = await run;

times.sort((one, other) => one - other);
const result = {
  requests: times.length,
  seconds: duration,
  errors: errors + non2xx + timeouts,
  p50: times[Math.floor(times.length * 0.5)],
  p99: times[Math.floor(times.length * 0.99)],
};
process.stdout.write(`${JSON.stringify(result)}\n`);
