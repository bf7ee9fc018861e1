// `npm run bench` measures reading; a name after it chooses another benchmark.
const benchmarks = new Map([
  ['embedded', () => import('./embedded/run.ts')],
  ['growth', () => import('./growth/run.ts')],
  ['replicas', () => import('./replicas/run.ts')],
]);
const [name = ''] = process.argv.slice(2);
await (benchmarks.get(name) ?? (() => import('./reading/run.ts')))();
