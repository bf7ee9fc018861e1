import pino, { type Logger } from 'pino';
import type { Config } from '../config.ts';

/**
 * Creates the server's log: readable lines on a terminal, JSON elsewhere. It writes to standard error; standard output
 * is for messages to the person at the terminal.
 */
export function createLog(level: Config['logLevel']): Logger {
  return process.stderr.isTTY
    ? pino({ level, transport: { target: 'pino-pretty', options: { destination: 2, ignore: 'pid,hostname' } } })
    : pino({ level }, pino.destination(2));
}
