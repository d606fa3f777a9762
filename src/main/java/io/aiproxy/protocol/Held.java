package io.aiproxy.protocol;

import io.aiproxy.call.Problem;

/**
 * How much is kept of an answer while it is made, so that an upstream that never comes to an end does not fill the memory. For
 * one stream and thread.
 */
final class Held {
  /** The most characters of what is held back until it is whole, such as a call's arguments. */
  static final int PART = 16 * 1024 * 1024;

  /** The most candidates; OpenAI's API description allows as many. */
  static final int CANDIDATES = 128;

  private final long most;
  private long held;

  Held(long most) {
    this.most = most;
  }

  /**
   * More is kept.
   *
   * @throws Problem if that is too much
   */
  void add(long more) {
    held += more;
    if (held > most) {
      throw Problem.of(
          Problem.Kind.RESPONSE_TOO_LARGE, "the upstream's answer is too large to be translated");
    }
  }

  /** Nothing is kept any more. */
  void release() {
    held = 0;
  }
}
