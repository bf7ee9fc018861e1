import { expect, inject, it } from 'vitest';
import { openDatabase } from '../../../src/store/database/database.ts';
import { readNewestRevision, readRevisionKnownAt } from '../../../src/store/read/revisions.ts';
import { createServerDatabase, databaseUrl, dropServerDatabase } from '../../support/database/server-database.ts';
import { buildWorld, units, worldStart } from '../../support/world/world.ts';

const source = inject('testDatabaseSource');

it.skipIf(source.kind !== 'server')(
  'days and instants do not depend on the time zone and date style of the server',
  async () => {
    if (source.kind !== 'server') return;
    const name = `${source.runName}_settings`;
    await createServerDatabase(source.url, name, source.template);
    const openServer = () => openDatabase({ kind: 'server', url: databaseUrl(source.url, name) });
    const configuringDatabase = await openServer();
    await configuringDatabase.bulk(async (session) => {
      await session.execute(`alter database "${name}" set timezone = 'Asia/Kathmandu'`);
      await session.execute(`alter database "${name}" set datestyle = 'SQL, DMY'`);
    });
    await configuringDatabase.close();

    const database = await openServer();
    const before = Date.now();
    await buildWorld(database);
    const { recordedAt } = await readNewestRevision(database.prisma);

    expect(Math.abs(Number(recordedAt) - before)).toBeLessThan(60_000);
    expect(await readRevisionKnownAt(database.prisma, new Date(before - 60_000))).toMatchObject({ revision: 0 });
    expect(await readRevisionKnownAt(database.prisma, new Date(before + 60_000))).toMatchObject({ revision: 1 });

    const version = await database.prisma.unitVersion.findFirst({ where: { reshId: units.ward } });
    expect(version?.validFrom).toEqual(new Date(worldStart));

    await database.close();
    await dropServerDatabase(source.url, name);
  },
);
