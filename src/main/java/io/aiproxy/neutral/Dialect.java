package io.aiproxy.neutral;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * How one protocol says what several can say. Has no state; safe for all threads. Nobody changes the JSON that it is given.
 *
 * @param <Q> what a request is in neutral terms
 * @param <A> what an answer is
 */
public interface Dialect<Q, A> {
  /** The name of the protocol. */
  String protocol();

  /**
   * Reads a request.
   *
   * @param model what it asks for, be it in the body or in the address; empty if it names none
   * @param stream whether it asks for a stream, be it in the body or in the address
   * @throws io.aiproxy.call.Problem naming the member that is wrong
   */
  Q request(ObjectNode body, String model, boolean stream);

  /**
   * Refuses a request that leans on what its own provider keeps, such as an earlier conversation: said to another one it
   * would be answered as if that had never been. Asked before a request is written in another protocol.
   *
   * @throws io.aiproxy.call.Problem naming the member
   */
  default void checkStandsAlone(Q request) {}

  /**
   * Writes a request.
   *
   * @param losses is told what has no word in this protocol
   */
  ObjectNode request(Q request, Losses losses);

  /**
   * Reads an answer that is one document.
   *
   * @throws io.aiproxy.call.Problem if it is none
   */
  A answer(ObjectNode body);

  /**
   * Writes an answer as one document.
   *
   * @param asked what it answers
   * @param losses is told what has no word in this protocol
   */
  ObjectNode answer(A answer, Q asked, Losses losses);
}
