package io.aiproxy.auth;

import java.util.function.BiConsumer;

/**
 * Somebody who gives out credentials that do not last, or by whose rules a request is signed. Found by
 * {@link java.util.ServiceLoader}; it must load without the library that it works with, so that the gateway runs where nobody
 * needs that. Has no state; safe for all threads.
 */
public interface Authority {
  /** Its key under {@code auth}, such as {@code gcp}. */
  String name();

  /** What must be on the class path, as {@code group:artifact}. */
  String library();

  /** Whether that is there. */
  boolean available();

  /**
   * Looks for what is wrong with the settings, without asking anybody. Called only if it is {@link #available}.
   *
   * @param fault is told the key that is wrong, empty for all of them, and what to do; no value of a secret
   */
  void check(AuthSettings settings, BiConsumer<String, String> fault);

  /** Begins its work with settings in which nothing is wrong; does not wait for anybody. */
  Signer open(AuthSettings settings);
}
