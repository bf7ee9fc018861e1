// `npm run bench` measures reading; `npm run bench -- replicas` runs the trial of replicas.
const [name] = process.argv.slice(2);
if (name === 'replicas') await import('./replicas/run.ts');
else await import('./reading/run.ts');
