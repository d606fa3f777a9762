package io.aiproxy.upstream;

/**
 * How the connections of a pool stand at one moment.
 *
 * @param leased in use by an exchange
 * @param available idle and kept
 * @param pending exchanges that wait for one
 */
public record Stats(int leased, int available, int pending) {
  static final Stats NONE = new Stats(0, 0, 0);

  Stats plus(Stats other) {
    return new Stats(leased + other.leased, available + other.available, pending + other.pending);
  }
}
