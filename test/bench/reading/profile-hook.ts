import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { isMainThread } from 'node:worker_threads';

// Loaded into a server with --import: SIGUSR2 starts a CPU profile, and the next one writes it to PROFILE_FILE.
if (isMainThread) {
  let session: Session | undefined;
  process.on('SIGUSR2', () => {
    if (session) {
      stopProfile(session);
      session = undefined;
      return;
    }
    session = new Session();
    session.connect();
    session.post('Profiler.enable');
    session.post('Profiler.setSamplingInterval', { interval: 500 });
    session.post('Profiler.start');
  });
}

function stopProfile(session: Session): void {
  session.post('Profiler.stop', (error, result) => {
    if (error) throw error;
    writeFileSync(process.env['PROFILE_FILE'] ?? 'server.cpuprofile', JSON.stringify(result.profile));
    session.disconnect();
  });
}
