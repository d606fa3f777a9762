package io.aiproxy.benchmark;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * What the process holds when nothing runs.
 *
 * @param heap bytes after a full garbage collection
 * @param metaspace bytes of classes
 * @param memory resident bytes
 * @param leased connections to upstreams that are in use, though nothing runs
 */
record SoakSample(
    Duration at,
    long visits,
    int errors,
    int reloads,
    long heap,
    long metaspace,
    long memory,
    long threads,
    long files,
    long exchanges,
    long leased,
    long kept) {
  static final String HEAD =
      "   time    visits errors reloads  heap kB  meta kB   RSS kB threads files exchanges leased kept";

  private static final long KB = 1024;

  /** What must not grow, by how much it may for all that, and what that is in the beginning. */
  private record Bound(String name, ToLongFunction<SoakSample> value, double factor, long more) {}

  private static final List<Bound> BOUNDS = List.of(
      new Bound("heap", SoakSample::heap, 1.1, 1_000 * KB),
      new Bound("metaspace", SoakSample::metaspace, 1.05, 1_000 * KB),
      new Bound("resident memory", SoakSample::memory, 1.15, 10_000 * KB),
      new Bound("threads", SoakSample::threads, 1, 5),
      new Bound("open files", SoakSample::files, 1, 15));

  /** What grew from the first third to the last one, or is not at rest. */
  static List<String> complaints(List<SoakSample> samples) {
    List<String> complaints = new ArrayList<>();
    int third = Math.max(1, samples.size() / 3);
    for (Bound bound : BOUNDS) {
      double before = mean(samples.subList(0, third), bound.value);
      double after = mean(samples.subList(samples.size() - third, samples.size()), bound.value);
      if (after > before * bound.factor + bound.more) {
        complaints.add(String.format("%s grew from %.0f to %.0f", bound.name, before, after));
      }
    }
    for (SoakSample sample : samples) {
      if (sample.exchanges > 0 || sample.leased > 0) {
        complaints.add("something still ran at rest: " + sample);
      }
    }
    return complaints;
  }

  private static double mean(List<SoakSample> samples, ToLongFunction<SoakSample> value) {
    return samples.stream().mapToLong(value).average().orElse(0);
  }

  @Override
  public String toString() {
    return String.format(
        "%4d:%02d %9d %6d %7d %8d %8d %8d %7d %5d %9d %6d %4d",
        at.toMinutes(),
        at.toSecondsPart(),
        visits,
        errors,
        reloads,
        heap / KB,
        metaspace / KB,
        memory / KB,
        threads,
        files,
        exchanges,
        leased,
        kept);
  }
}
