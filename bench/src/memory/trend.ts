/** What something measured at a moment. */
export interface Sample {
  readonly seconds: number;
  readonly bytes: number;
}

/** By how many bytes it grows in a minute: the slope of the line that fits best, by least squares. */
export function growthPerMinute(samples: readonly Sample[]): number | undefined {
  const count = samples.length;
  const meanSeconds = samples.reduce((sum, { seconds }) => sum + seconds, 0) / count;
  const meanBytes = samples.reduce((sum, { bytes }) => sum + bytes, 0) / count;
  let [together, apart] = [0, 0];
  for (const { seconds, bytes } of samples) {
    together += (seconds - meanSeconds) * (bytes - meanBytes);
    apart += (seconds - meanSeconds) ** 2;
  }
  // One moment alone has no slope.
  return apart > 0 ? (together / apart) * 60 : undefined;
}

/** The samples of the second half of a run: in the first a process still takes what it needs. */
export function secondHalf(samples: readonly Sample[], seconds: number): readonly Sample[] {
  return samples.filter((sample) => sample.seconds >= seconds / 2);
}
