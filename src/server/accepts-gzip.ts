/**
 * Indicates whether a client with an Accept-Encoding header accepts gzip. A weight for `gzip` takes precedence over a
 * weight for `*` (RFC 9110).
 */
export function acceptsGzip(acceptEncoding: string | null): boolean {
  if (acceptEncoding === null) return false;
  const codings = new Map(
    acceptEncoding.split(',').map((part) => {
      const [coding = '', ...weights] = part.split(';').map((text) => text.trim().toLowerCase());
      return [coding, !weights.some((weight) => /^q=0(\.0*)?$/.test(weight))];
    }),
  );
  return codings.get('gzip') ?? codings.get('*') ?? false;
}
