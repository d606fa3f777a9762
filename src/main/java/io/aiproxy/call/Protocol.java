package io.aiproxy.call;

import io.aiproxy.json.JsonValue;
import io.aiproxy.ledger.Answer;
import io.aiproxy.stream.Piece;

/**
 * A language that clients and providers speak: how a request is recognised, what an answer says of usage, what an error looks
 * like. Has no state; safe for all threads.
 */
public interface Protocol {
  /** As configuration and errors name it, such as {@code openai-chat}. */
  String name();

  /** Whether a path is this protocol's own, to which requests are only POSTed. */
  default boolean isEndpoint(String path) {
    return false;
  }

  /** Whether a request is in this protocol; protocols are asked in the order of their list. */
  boolean detects(String path, JsonValue body);

  /**
   * Refuses what no provider could answer.
   *
   * @throws Problem naming the member that is wrong
   */
  void check(JsonValue body);

  /** What a request says of itself. */
  Asked asked(JsonValue body);

  /** Follows an answer in this protocol while it passes, and writes down what it says. One per answer. */
  Reading read(Answer answer, boolean isStream);

  /** An error of the gateway's own as a body in this protocol, in JSON. */
  byte[] error(Problem problem);

  /** The same as an event within a stream that has begun. */
  byte[] errorEvent(Problem problem);

  /**
   * What a request says of itself.
   *
   * @param model empty if it names none
   * @param stream whether it asks for a stream, in so many words
   * @param endUser who the client says is its user; empty if it does not
   * @param tools how many tools it offers
   */
  record Asked(String model, boolean stream, String endUser, int tools) {
    public static final Asked NOTHING = new Asked("", false, "", 0);
  }

  /** Watches the pieces of one answer; changes none. */
  interface Reading {
    void next(Piece piece);

    /** No piece follows. */
    void end();
  }
}
