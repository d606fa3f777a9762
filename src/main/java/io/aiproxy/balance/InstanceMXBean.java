package io.aiproxy.balance;

/** What JMX shows of an instance and lets an operator do with it. */
public interface InstanceMXBean {
  /** {@code healthy}, {@code unhealthy}, {@code tripped}, {@code ejected} or {@code draining}. */
  String getState();

  /** When it came into that state, as in ISO 8601. */
  String getSince();

  /** What brought it there; empty if nothing happened yet. */
  String getCause();

  /** How many requests it has to answer. */
  int getUnderWay();

  /** Treats it as if its probes had failed, until it is admitted. */
  void eject();

  /** Takes back what was said, and what probes found so far. */
  void admit();

  /** Gives it no new requests, until it is admitted; those that run go on. */
  void drain();
}
