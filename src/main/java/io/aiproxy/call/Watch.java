package io.aiproxy.call;

/**
 * Looks for the bytes of a body in the place of a thread that would wait for them. While it lasts {@link Body#advance} takes
 * what is there, perhaps nothing, and returns at once. It looks for nothing before it is told to. Safe for all threads, with
 * the exceptions named.
 */
public interface Watch {
  /**
   * Looks, and has a turn taken now and whenever there may be something.
   *
   * @param turn run by a thread that serves others too, so it must neither wait nor throw; never twice at a time
   */
  void look(Runnable turn);

  /** Has a turn taken soon, whether or not there are bytes. */
  void wake();

  /** Looks for nothing until it is told to again, or woken, or the connection is closed. Only in a turn. */
  void pause();

  /** Whether the connection was not closed yet, which is how an exchange is ended before its time. */
  boolean isOpen();

  /** No turn is taken any more, and the body is one again that is waited for. Only in a turn, or before the first. Idempotent. */
  void end();
}
