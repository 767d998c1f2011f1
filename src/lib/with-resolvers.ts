/** A promise with its two ends, as `Promise.withResolvers`, which Node 20 does not have. */
export function withResolvers<T, Fault = unknown>(): {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (fault: Fault) => void;
} {
  let resolve: (value: T) => void = () => undefined;
  let reject: (fault: Fault) => void = () => undefined;
  const promise = new Promise<T>((onValue, onFault) => {
    resolve = onValue;
    reject = onFault;
  });
  return { promise, resolve, reject };
}
