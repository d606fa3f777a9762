package io.aiproxy.balance;

/** Asks an instance how it is. One thread asks at a time; any may stop it. */
interface Probe {
  /** Blocks until it is known. */
  Finding ask();

  /** Cuts what runs, and lets nothing begin any more. Idempotent. */
  void stop();
}
