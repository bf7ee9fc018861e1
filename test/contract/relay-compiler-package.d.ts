declare module 'relay-compiler' {
  /** Path of the compiler for this platform */
  const binary: string;
  export default binary;
}
