/** How often a property is tried; PROPERTY_RUNS_FACTOR=50 in the environment makes a search of it. */
export const runs = (usual: number): number => Math.ceil(usual * Number(process.env['PROPERTY_RUNS_FACTOR'] ?? 1));
