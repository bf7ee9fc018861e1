/**
 * How a property is tried: as often as is usual for it; PROPERTY_RUNS_FACTOR=50 in the environment makes a search of it. It is
 * given up before the test's own time is, so that a failure is told with its seed and the smallest example found by then.
 */
export function propertyOptions(numRuns: number): { numRuns: number; interruptAfterTimeLimit: number } {
  const factor = Number(process.env['PROPERTY_RUNS_FACTOR'] ?? 1);
  return { numRuns: Math.ceil(numRuns * factor), interruptAfterTimeLimit: 45_000 * Math.max(1, factor) };
}
