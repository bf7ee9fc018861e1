// PostGraphile 5 over the tables, the read model and the functions of the database; it needs Node 22.
import { createServer } from 'node:http';
import { postgraphile } from 'postgraphile';
import { makePgService } from 'postgraphile/adaptors/pg';
import { grafserv } from 'postgraphile/grafserv/node';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';

const preset = {
  extends: [PostGraphileAmberPreset],
  schema: {
    defaultBehavior:
      '-connection +list +query:resource:list -order -filter -insert -update -delete ' +
      '-manyRelation:resource:connection +manyRelation:resource:list',
  },
  grafast: { explain: false },
  grafserv: { websockets: false, graphiql: false, watch: false },
  pgServices: [
    makePgService({
      connectionString: process.env.DATABASE_URL,
      schemas: ['public'],
      pubsub: false,
      poolConfig: { max: 10 },
    }),
  ],
};

const server = createServer();
await postgraphile(preset).createServ(grafserv).addTo(server);
server.listen(Number(process.env.PORT), '127.0.0.1', () => process.stdout.write('listening\n'));
