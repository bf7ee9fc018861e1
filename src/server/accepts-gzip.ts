/**
 * Whether whoever asks takes an answer zipped. What is said of gzip itself goes before what is said of any other coding (RFC 9110).
 */
export function acceptsGzip(request: Request): boolean {
  const codings = new Map(
    (request.headers.get('accept-encoding') ?? '').split(',').map((part) => {
      const [coding = '', ...weights] = part.split(';').map((text) => text.trim().toLowerCase());
      return [coding, !weights.some((weight) => /^q=0(\.0*)?$/.test(weight))];
    }),
  );
  return codings.get('gzip') ?? codings.get('*') ?? false;
}
