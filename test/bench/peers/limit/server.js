// The limits: JSON over bare http, without GraphQL. KIND=memory builds it from objects in memory, KIND=statement in
// PostgreSQL, by one prepared statement for each query over the read model.
import { createServer } from 'node:http';
import pg from 'pg';
import { createMemoryAnswers } from './memory.js';
import { statements } from './statements.js';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
const answer = process.env.KIND === 'memory' ? await createMemoryAnswers(pool) : answerByStatement;

const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (chunk) => (body += chunk));
  request.on('end', async () => {
    try {
      const { operationName, variables } = JSON.parse(body);
      const bytes = Buffer.from(await answer(operationName, variables));
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': bytes.length });
      response.end(bytes);
    } catch (error) {
      response.writeHead(500);
      response.end(String(error));
    }
  });
});
server.listen(Number(process.env.PORT), '127.0.0.1', () => process.stdout.write('listening\n'));

async function answerByStatement(name, { id, ids, words, phrase }) {
  const values = words ? [words, phrase] : [ids ?? id];
  const { rows } = await pool.query({ name, text: statements[name], values, rowMode: 'array' });
  return rows[0][0];
}
