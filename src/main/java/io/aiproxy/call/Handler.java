package io.aiproxy.call;

/** Answers a call. Blocks the calling thread until the head of the reply is there; the body is still to be read. */
@FunctionalInterface
public interface Handler {
  /**
   * Returns at the head of the reply.
   *
   * @throws Problem where there is no reply of an upstream's to give
   */
  Reply handle(Call call);
}
