/**
 * Returns the options of a property test. PROPERTY_RUNS_FACTOR=50 in the environment runs 50 times as many examples.
 * The run is interrupted before the test times out, so that a failure still prints its seed and the smallest example
 * found.
 */
export function propertyOptions(numRuns: number): { numRuns: number; interruptAfterTimeLimit: number } {
  const factor = Number(process.env['PROPERTY_RUNS_FACTOR'] ?? 1);
  return { numRuns: Math.ceil(numRuns * factor), interruptAfterTimeLimit: 45_000 * Math.max(1, factor) };
}
