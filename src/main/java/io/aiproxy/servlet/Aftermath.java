package io.aiproxy.servlet;

/** What is left to do for a request that was suspended, once its stream has ended. One of the two, and once. */
interface Aftermath {
  /** Whether a stream that came whole can be concluded by a thread that serves others too: nothing of it takes long. */
  boolean isQuick();

  /** The stream came whole; the response is completed after this. */
  void conclude();

  /**
   * The container ended the request without coming back to it.
   *
   * @param waits whether this thread may read on for a client that has left; not if it serves others too
   */
  void abandon(boolean waits);
}
